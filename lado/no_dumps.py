"""No core dumps: what a process that breaks off held in memory is never written to a disk.

Source: OWASP ASVS 5.0, 14.2.4. What the database and the machine have to be told is in docs/runbooks/keys.md.
"""

import resource


def refuse() -> None:
    """Let neither this process nor any that it starts write a core dump, whatever the machine allows."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
