import pytest
pytestmark = [pytest.mark.django_db(transaction=True)]
def test_dbg(two, behind_one_wall):
    import difflib
    from tests.walls.test_strangers import pairs, questions, ask
    n=0
    for who, method in questions():
        if who not in ("","ada"): continue
        for name, theirs, nobodys, words in pairs(two):
            a,b=ask(two.clients[who],method,theirs),ask(two.clients[who],method,nobodys)
            if a.without(*words)!=b.without(*words):
                n+=1
                if n<12: print(who,method,theirs,nobodys,words,a.status,[x for x in difflib.ndiff(a.without(*words)[1].splitlines(), b.without(*words)[1].splitlines()) if x[0] in "+-"][:4])
            elif a.written or "7000" in a.without(*words)[1]: print("W",who,method,theirs,a.written)
    print(n)
