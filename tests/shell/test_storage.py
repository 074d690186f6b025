"""Modules of a release import each other by the names of that release."""

import re
import shutil

from django.conf import settings

from crm.shell.storage import StaticStorage


def test_modules_import_each_other_by_hashed_names(tmp_path):
    shutil.copytree(settings.BASE_DIR / "static/js", tmp_path / "js")
    storage = StaticStorage(location=tmp_path, base_url="/static/")
    names = [f"js/{path.name}" for path in (tmp_path / "js").glob("*.js")]
    problems = [
        done
        for _name, _hashed, done in storage.post_process({n: (storage, n) for n in names})
        if isinstance(done, Exception)
    ]
    assert problems == []
    entry = (tmp_path / storage.stored_name("js/app.js")).read_text("utf-8")
    imported = re.findall(r'import\s*"\./([^"]+)"', entry)
    assert len(imported) > 5
    assert all(re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.js", name) for name in imported)
