"""Customers, contacts, enrolments and readings: how each is told apart, compared and stored."""
