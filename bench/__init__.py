"""`./run bench`: each named goal beside its ceiling, measured in the same run. Read ratios, not milliseconds."""
