"""Copy the built front-end files from node_modules to static/vendor (make assets).

The versions stand in package.json and its lock. Source map comments are removed, because the
hashing static storage would look for the maps; of the icon font only WOFF2 is kept.
"""

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "@tabler/icons-webfont/dist/tabler-icons.min.css": "tabler-icons/tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2": "tabler-icons/fonts/tabler-icons.woff2",
    "@tabler/icons-webfont/LICENSE": "tabler-icons/LICENSE",
    "chart.js/dist/chart.umd.min.js": "chartjs/chart.umd.js",
    "chart.js/LICENSE.md": "chartjs/LICENSE.md",
}
SOURCE_MAP = re.compile(r"(?m)^\s*(?:// ?[#@] ?|/\* ?[#@] ?)sourceMappingURL=.*$")
OTHER_FONTS = re.compile(r',url\("[^"]+\.(?:woff|ttf)\?[^"]*"\) format\("(?:woff|truetype)"\)')
FONT_QUERY = re.compile(r"(\.woff2)\?v[\d.]+")


def cleaned(text: str) -> str:
    """The text of a built file without source maps and without fonts that are not copied."""
    text = SOURCE_MAP.sub("", text)
    text = OTHER_FONTS.sub("", text)
    return FONT_QUERY.sub(r"\1", text).rstrip() + "\n"


def main() -> None:
    """Rebuild static/vendor from node_modules and write down the versions."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in {".css", ".js"}:
            path.write_text(cleaned((MODULES / source).read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(MODULES / source, path)
    packages = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    lines = [f"{name} {version}" for name, version in sorted(packages.items())]
    (VENDOR / "VERSIONS").write_text("\n".join(lines) + "\n", "utf-8")
    print(f"static/vendor: {len(FILES)} files of {', '.join(lines)}")


if __name__ == "__main__":
    main()
