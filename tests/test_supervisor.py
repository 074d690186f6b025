"""crm.supervisor: what `make run` is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "99999", "80.5", "٨٠٨٠"])
def test_a_port_that_is_none_is_a_sentence(port):
    done = subprocess.run(
        [sys.executable, "-m", "crm.supervisor"],
        cwd=ROOT,
        env={"PORT": port},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == "PORT must be a number from 1 to 65535: make run PORT=8010\n"
    assert done.stderr == ""


@pytest.mark.parametrize(("text", "port"), [("", 8000), (" 8010 ", 8010), ("65535", 65535)])
def test_a_port_is_read(text, port):
    from crm.supervisor import port_asked_for

    assert port_asked_for(text) == port
