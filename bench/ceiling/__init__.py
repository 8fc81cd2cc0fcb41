"""The least a Django application can do for the same rows: what our pages are measured against."""
