"""``python -m tests.security``: write the tables of the page on security again."""

from tests.security.page import PAGE, current
from tests.security.sbom import ROOT

(ROOT / PAGE).write_text(current(ROOT), encoding="utf-8")
