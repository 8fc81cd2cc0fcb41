import pytest, time
pytestmark = pytest.mark.django_db(transaction=True)
def test_x(two):
    from tests.house.examples import EXAMPLES, pages
    bad = {}
    t=time.process_time()
    for name, ex, where in pages():
        if where != "harbour": continue
        url = ex.url(name, two.theirs, "zqxcanry-rival")
        try:
            r = two.clients[f"rival {ex.who}" if ex.who else ""].get(url)
            if r.status_code != ex.status: bad[url]=(ex.who, r.status_code)
        except Exception as e: bad[url]=(ex.who,repr(e)[:300])
    for k,v in bad.items(): print(k,v)
    print(time.process_time()-t)
