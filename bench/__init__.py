"""`./run bench`: each named goal beside its ceiling, in the same run. Read ratios, not milliseconds."""
