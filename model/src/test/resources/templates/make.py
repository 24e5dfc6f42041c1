"""Writes golden.json: what Jinja 3.1.6 (Python 3.11) makes of the templates here, with the settings and functions that
the transformers library gives to chat templates. Needs python3-jinja2. No randomness."""
import datetime
import json

import jinja2
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

SNIPPETS = json.load(open("snippets.json", encoding="utf-8"))
TEMPLATES = json.load(open("chats.json", encoding="utf-8"))
CONVERSATIONS = [
    dict(messages=[dict(role="user", content="red cat")], add_generation_prompt=True),
    dict(messages=[dict(role="system", content="Be brief."),
                   dict(role="user", content="  H\u00e9 <b>llo</b>\n'x' \"y\"  ")], add_generation_prompt=True),
    dict(messages=[dict(role="user", content="one"), dict(role="assistant", content="<think>\nhm\n</think>\n\ntwo"),
                   dict(role="user", content="three \U0001f600")], add_generation_prompt=True, enable_thinking=False),
    dict(messages=[dict(role="user", content="one"), dict(role="assistant", content="two")],
         add_generation_prompt=False),
]


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = lambda form: datetime.datetime(2026, 12, 1, 9, 5, 7).strftime(form)


def rendered(template, **values):
    try:
        return dict(text=environment.from_string(template).render(**values))
    except Exception as e:
        return dict(refused=type(e).__name__)


golden = dict(
    conversations=CONVERSATIONS,
    snippets=[dict(template=s, **rendered(s)) for s in SNIPPETS],
    chats=[dict(name=n, template=t, rendered=[
        rendered(t, bos_token="<s>", eos_token="</s>", tools=None, documents=None, **c) for c in CONVERSATIONS])
        for n, t in TEMPLATES.items()],
)
with open("golden.json", "w", encoding="utf-8") as out:
    json.dump(golden, out, ensure_ascii=False, indent=1)
