"""Which browser on which device somebody signs in with, in plain words: enough to know one's own, and no more.

Only a browser's and a system's name are taken from what it says of itself; its version, and the network's address, are
not kept.
"""

BROWSERS = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
"""What stands in a browser's name of itself, and what people call it. Most say that they are others too: first wins."""

SYSTEMS = (
    ("iphone", "an iPhone"),
    ("ipad", "an iPad"),
    ("android", "Android"),
    ("cros", "a Chromebook"),
    ("windows", "Windows"),
    ("mac os", "a Mac"),
    ("linux", "Linux"),
)

UNKNOWN = "unknown"


def device_of(user_agent: str) -> str:
    """The words to keep for a browser that names itself so: "Firefox on Windows"; "unknown" where it says nothing."""
    said = user_agent.lower()
    browser = next((name for mark, name in BROWSERS if mark in said), "")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system.removeprefix("a ").removeprefix("an ") or UNKNOWN


def words_of(device: str) -> str:
    """A kept device as a page says it."""
    return "A browser that does not say what it is" if device == UNKNOWN else device
