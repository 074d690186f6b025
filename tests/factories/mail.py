"""E-mails as bytes, as a client's mail program writes them."""

from base64 import b64encode
from itertools import count

_numbers = count(1)


def mail(
    *,
    sender="Анна Петрова <anna@client.example>",
    subject="Просим акт сверки",
    text="Добрый день!",
    message_id=None,
    replies_to="",
    charset="utf-8",
    files=(),
    more="",
):
    """One message; `files` are pairs of a name and its bytes."""
    message_id = message_id or f"m{next(_numbers)}@client.example"
    name, _space, address = sender.rpartition(" ")
    head = [
        f"From: {encoded(name, charset)} {address}",
        "To: dept@example.com",
        f"Subject: {encoded(subject, charset)}",
        f"Message-ID: <{message_id}>",
        "MIME-Version: 1.0",
    ]
    if replies_to:
        head += [f"In-Reply-To: <{replies_to}>", f"References: <{replies_to}>"]
    if more:
        head.append(more)
    body = part(f"Content-Type: text/plain; charset={charset}", text.encode(charset))
    if files:
        parts = [body, *(part(disposition(name), content) for name, content in files)]
        head.append('Content-Type: multipart/mixed; boundary="edge"')
        body = "\r\n" + "".join(f"--edge\r\n{one}\r\n" for one in parts) + "--edge--\r\n"
    return "\r\n".join(head).encode() + b"\r\n" + body.encode()


def encoded(text, charset):
    return f"=?{charset}?B?{b64encode(text.encode(charset)).decode()}?=" if text else ""


def disposition(name):
    return f'Content-Type: application/octet-stream; name="{encoded(name, "utf-8")}"'


def part(head, content):
    packed = b64encode(content).decode()
    lines = "\r\n".join(packed[i : i + 76] for i in range(0, len(packed), 76))
    return f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}\r\n"
