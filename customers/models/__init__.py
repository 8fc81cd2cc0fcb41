from customers.models.people import Contact, Customer, Segment
from customers.models.readings import LatestReading, Metric, Reading

__all__ = ["Contact", "Customer", "LatestReading", "Metric", "Reading", "Segment"]
