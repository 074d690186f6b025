"""What an uploaded file is called: shown and sent, never a path of the disk."""

import re
import unicodedata

LONGEST = 150
# An extension before the last one by which some program would open or run the file.
DANGEROUS = frozenset(
    [
        *("php", "php3", "php4", "php5", "php7", "phtml", "phar", "jsp", "asp", "aspx", "cgi"),
        *("py", "pl", "rb", "sh", "js", "mjs", "jse", "vbs", "vbe", "wsf", "wsh", "ps1", "jar"),
        *("exe", "com", "scr", "bat", "cmd", "pif", "msi", "dll", "cpl", "lnk", "url", "reg"),
        *("htm", "html", "xhtml", "shtml", "svg", "xml", "mht", "hta", "chm", "iso", "img", "vhd"),
        *("docm", "dotm", "xlsm", "xltm", "pptm"),
    ]
)
_FORBIDDEN = re.compile(r'[<>:"|?*]')  # by Windows
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """The last part of the name without what cannot be shown or kept, at most LONGEST letters.

    No control characters, no marks that turn the direction of writing, no name of a device; the
    extension stays at the end.
    """
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    composed = unicodedata.normalize("NFC", last)
    shown = "".join(char for char in composed if char.isprintable())
    kept = _FORBIDDEN.sub("_", shown).strip(" .")
    if _DEVICES.match(kept):
        kept = f"_{kept}"
    stem, dot, suffix = kept.rpartition(".")
    if not dot or len(suffix) > 10:
        return kept[:LONGEST] or "_"
    return f"{stem[: LONGEST - len(suffix) - 1] or '_'}.{suffix}"


def suffix_of(name: str) -> str:
    """The extension in small letters, empty without one."""
    _stem, dot, suffix = name.rpartition(".")
    return suffix.strip().casefold() if dot else ""


def is_disguised(name: str) -> bool:
    """Whether an extension before the last one is that of a program: `act.exe.pdf`."""
    return any(part.strip().casefold() in DANGEROUS for part in name.split(".")[1:-1])
