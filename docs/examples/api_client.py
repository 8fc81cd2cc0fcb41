"""The documented example, with a client made from the API's own document.

openapi-python-client generate --url $BOSAI/api/v1/schema/ --output-path bosai_client --meta none
BOSAI=http://127.0.0.1:8000 TOKEN=bosai_… python api_client.py
"""

import os
from datetime import UTC, datetime

from bosai_client import AuthenticatedClient
from bosai_client.api.achievements import achievements_list
from bosai_client.api.customers import customers_create, customers_list
from bosai_client.api.readings import readings_create
from bosai_client.models import BatchRequest, Customer, CustomerRequest, Problem, RowRequest

client = AuthenticatedClient(base_url=os.environ["BOSAI"], token=os.environ["TOKEN"])

heron = customers_create.sync(
    client=client, body=CustomerRequest(name="Heron Haulage", key="heron"), idempotency_key="crm-4711"
)
assert isinstance(heron, Customer), heron
print(heron.id, heron.name)

again = customers_create.sync(client=client, body=CustomerRequest(name="Another", key="heron"))
assert isinstance(again, Problem), again
print(again.status, again.detail)

page = customers_list.sync(client=client, limit=50)
print([customer.key for customer in page.results], page.next_)

row = RowRequest(
    customer="kestrel-freight", metric="score", at=datetime(2026, 3, 2, 8, tzinfo=UTC), value=55.0
)
stored = readings_create.sync(client=client, body=BatchRequest(source="warehouse", rows=[row]))
print(stored.new, "new,", len(stored.achieved), "milestones reached")

for reached in achievements_list.sync(client=client, customer=page.results[0].id).results:
    print(
        reached.milestone, reached.achieved_at.date(), "verified" if reached.verified_at else "not verified"
    )
