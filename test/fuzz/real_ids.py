"""Puts ids of what the fund really has where the fuzzer made one up, so that requests get past "there is no such thing".

Seven of eight are replaced, always the same ones: the eighth shows what is told of things that are not there. Dates are
mostly of the fund's own days, since few of all that a calendar has mean anything to it.
"""

import json
import os
import zlib
from datetime import date, datetime, timezone
from itertools import count
from urllib.parse import quote

import schemathesis
from hypothesis import strategies as st

known = json.loads(os.environ["MANGNON_FUZZ_IDS"])
members = known["members"]
places = known["places"]


first, today, last = date(2024, 1, 1), date.fromisoformat(known["today"]), date(2025, 12, 31)
days = st.one_of(st.just(today), st.dates(first, today), st.dates(first, last), st.dates(date(1900, 1, 1), date(2200, 12, 31)))
schemathesis.openapi.format("date", days.map(date.isoformat))
schemathesis.openapi.format(
    "date-time",
    days.map(lambda day: datetime(day.year, day.month, day.day, tzinfo=timezone.utc).isoformat().replace("+00:00", "Z")),
)


def real(value, choices):
    """One of the choices, chosen by the value that was made up; now and then the value itself."""
    if not choices:
        return value
    drawn = zlib.crc32(repr(value).encode("utf-8", "surrogatepass"))
    return value if drawn % 8 == 0 else choices[drawn // 8 % len(choices)]


def with_real_members(value):
    """The same JSON with real ids under the names that are known."""
    if isinstance(value, list):
        return [with_real_members(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: real(one, members[name])
        if name in members and isinstance(one, str)
        else with_real_members(one)
        for name, one in value.items()
    }


keys = count()


def name_command(case):
    """A new key for most commands: the same key again is the same command, or is refused with another body."""
    key = (case.headers or {}).get("Idempotency-Key")
    if key and len(key) < 200 and zlib.crc32(repr((key, case.body)).encode("utf-8", "surrogatepass")) % 8:
        case.headers["Idempotency-Key"] = f"{key}-{next(keys)}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Last before a request goes out, whichever phase made it."""
    path = case.operation.path
    for name, value in (case.path_parameters or {}).items():
        choices = places.get(path.split("{" + name + "}")[0], [])
        case.path_parameters[name] = quote(str(real(value, choices)), safe="%")
    name_command(case)
    if case.query:
        case.query = with_real_members(case.query)
    if isinstance(case.body, (dict, list)):
        case.body = with_real_members(case.body)
