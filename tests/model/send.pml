/* How one delivery leaves the house, for the model checker Spin; `python -m tests.model` checks it twice.
 *
 * Two workers, any of which may crash at any step; a lease that may run out at any step, however short or
 * long it is in truth; a mail server that takes the mail, refuses it, or does neither and says nothing; a
 * person who sends again what is uncertain, after making sure that it neither arrived nor is on its way.
 * What is promised: the mail server never takes a second copy (the assertions), and no delivery is left lying
 * in a state that nobody looks at (Spin's own check for invalid end states).
 *
 *   here            there
 *   row, token      post.models.Delivery: state, lease_token; `run_out` is lease_until < the database's now
 *   CLAIM           post/leases.py claim, post/statements.py _CLAIM
 *   offer           post/sending.py send: conversation.offer; nothing has been sent, all may be tried again
 *   BEGIN           post/statements.py _BEGIN, post/leases.py begin: `sending` is committed before the body
 *   body            post/sending.py _hand_over: conversation.hand_over
 *   WRITE           post/leases.py write and post/statements.py _CONCLUDE: under our token and expected state
 *   abandoned       post/dispatching.py _call_uncertain: leases.run_out, then outcomes.broken_off
 *   Person          post/settling.py
 *
 * -DNO_TOKEN takes the token out of every write and leaves the expected state in. Then a worker that was
 * held up writes over what another has begun meanwhile, and a second copy leaves.
 */

#define CLAIMS 4 /* in all, crashed ones included */
#define CRASHES 2
#define DECISIONS 1

mtype = { pending, sending, sent, failed, uncertain };
mtype = { taken, later, refused, silence };

mtype row = pending;
byte token = 0; /* 0: nobody's */
bool run_out = false;

byte claims = 0, crashes = 0, decisions = 0;
byte copies = 0; /* that the mail server took */
byte on_their_way = 0; /* bodies begun whose end the server does not know yet */

#ifdef NO_TOKEN
#define OURS true
#else
#define OURS (token == mine)
#endif

/* One UPDATE … WHERE lease_token = mine AND state = expected; changes nothing when somebody else owns it. */
inline WRITE(expected, following)
{
    atomic {
        if
        :: row == expected && OURS -> row = following; token = 0; run_out = false
        :: else
        fi
    }
}

active [2] proctype Worker()
{
    byte mine = 0;
    mtype heard;

again:
    mine = 0;
    do
    :: atomic { /* CLAIM */
           row == pending && (token == 0 || run_out) && claims < CLAIMS ->
           claims++; mine = claims; token = mine; run_out = false
       }
       if /* offer */
       :: atomic { crashes < CRASHES -> crashes++; goto again }
       :: true -> WRITE(pending, pending) /* cut off, or put off: Outcomes.put_off */
       :: true -> WRITE(pending, failed) /* refused for good */
       :: true -> atomic { /* BEGIN: the lease begins anew */
              if
              :: row == pending && OURS -> row = sending; run_out = false; on_their_way++
              :: else -> goto again
              fi
          }
          if /* body */
          :: atomic { crashes < CRASHES -> crashes++; on_their_way--; goto again }
          :: atomic { on_their_way--; copies++; assert(copies <= 1); heard = taken }
          :: atomic { on_their_way--; copies++; assert(copies <= 1); heard = silence } /* the reply is lost */
          :: atomic { on_their_way--; heard = silence } /* nothing came through */
          :: atomic { on_their_way--; heard = later }
          :: atomic { on_their_way--; heard = refused }
          fi
          if
          :: atomic { crashes < CRASHES -> crashes++; goto again }
          :: heard == taken -> WRITE(sending, sent)
          :: heard == later -> WRITE(sending, pending)
          :: heard == refused -> WRITE(sending, failed)
          :: heard == silence -> WRITE(sending, uncertain)
          fi
       fi;
       mine = 0
    :: atomic { row == sending && run_out -> mine = token } /* abandoned: read, and written a step later */
       WRITE(sending, uncertain)
       mine = 0
    :: row == sent || row == failed -> break
    :: row == uncertain && copies == 0 && on_their_way == 0 && decisions == DECISIONS -> break
    :: row == pending && claims == CLAIMS -> break
    od
}

active proctype Clock()
{
end:
    do
    :: atomic { token != 0 && !run_out -> run_out = true }
    od
}

active proctype Person()
{
end:
    do
    :: atomic { row == uncertain && copies == 1 -> row = sent } /* it_arrived */
    :: atomic { /* send_again */
           row == uncertain && copies == 0 && on_their_way == 0 && decisions < DECISIONS ->
           decisions++; row = pending; token = 0; run_out = false
       }
    od
}
