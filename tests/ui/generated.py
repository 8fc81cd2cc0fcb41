"""Hypothesis on a machine that others use as well: slow is no fault, wrong is."""

from hypothesis import HealthCheck, settings

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
