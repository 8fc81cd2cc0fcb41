"""What needs a person now, and why: lines of one customer, one reason and one action each."""
