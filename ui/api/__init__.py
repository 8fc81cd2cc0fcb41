"""How the API travels: one shape of resource, of page, of refusal. No models; rooms bring what they hold.

A room's `api.py` declares resources; `bosai/api.py` collects them. Who asks, and how often, is known by the
caller (`ui.api.callers`), which `office.api` makes from a token.
"""
