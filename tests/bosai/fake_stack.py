"""The supervisor with children that cost nothing: `python -m tests.bosai.fake_stack KIND…`."""

import os
import sys

from bosai import supervisor
from bosai.children import Child

kinds = sys.argv[1:]
supervisor.prepare = lambda *_: True
supervisor.setup_link = lambda _: ""
supervisor.children = lambda host, port, state: [
    Child(kind, ["tests.bosai.fake_child", kind, str(port)], grace=float(os.environ.get("GRACE", "15")))
    for kind in kinds
]
sys.exit(supervisor.main())
