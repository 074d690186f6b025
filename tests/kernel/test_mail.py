"""What one e-mail says, however its sender's program wrote it."""

from base64 import b64encode

import pytest

from crm.mailbox.imap import encode_name
from crm.mailbox.parsing import parse
from crm.mailbox.texts import decoded, header, reduced

WORDS = "Добрый день! Просим сверить расчёты за октябрь."


def raw(text):
    """A header as the e-mail package gives it."""
    data = text if isinstance(text, bytes) else text.encode("ascii")
    return data.decode("ascii", "surrogateescape")


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r", "cp866", "iso-8859-5"])
def test_a_text_is_read_as_its_encoding_says(charset):
    assert decoded(WORDS.encode(charset), charset) == WORDS


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
@pytest.mark.parametrize("named", ["", "us-ascii", "iso-8859-1", "x-nonsense", "utf-8"])
def test_an_encoding_that_is_named_wrongly_or_not_at_all_is_found(charset, named):
    assert decoded(WORDS.encode(charset), named) == WORDS


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("=?utf-8?B?0JDQutGC?= =?utf-8?B?INGB0LLQtdGA0LrQuA==?=", "Акт сверки"),
        ("=?windows-1251?Q?=C0=EA=F2?= No 7", "Акт No 7"),
        ("=?koi8-r?B?4cvU?=", "Акт"),
        ("Акт сверки".encode("cp1251"), "Акт сверки"),
        ("Акт сверки".encode("koi8-r"), "Акт сверки"),
        ("=?nonsense?B?0JDQutGC?=", "Акт"),
        ("=?utf-8?B?***?=", "***"),
        ("plain  text\r\n\twith a fold", "plain text with a fold"),
        ("a\x00b\x07c", "abc"),
    ],
)
def test_headers_in_every_state_of_repair(given, said):
    assert header(raw(given)) == said


def test_a_letter_of_the_alphabet_cut_between_two_words_of_a_header():
    whole = "Сверка".encode()
    one, two = b64encode(whole[:5]).decode(), b64encode(whole[5:]).decode()
    assert header(f"=?utf-8?B?{one}?=\r\n =?utf-8?B?{two}?=") == "Сверка"


def test_html_becomes_words_without_anything_that_acts():
    html = (
        "<html><head><title>нет</title><style>p{}</style></head><body onload=alert(1)>"
        "<p>Добрый&nbsp;день,<br>Анна &lt;b&gt;</p><script>alert(1)</script>"
        "<table><tr><td>Чай</td><td>100</td></tr></table>"
        "<img src=http://canary.test/x.png><a href='javascript:alert(1)'>ссылка</a></body>"
    )
    assert reduced(html) == "Добрый день,\nАнна <b>\n\nЧай 100\n\nссылка"
    assert reduced("<head><body>Текст без конца") == "Текст без конца"


def test_names_of_folders_in_russian():
    assert encode_name("INBOX") == "INBOX"
    assert encode_name("Клиенты & K") == "&BBoEOwQ4BDUEPQRCBEs- &- K"
    assert encode_name('a"b') == 'a\\"b'


def test_a_whole_message_with_its_files_and_its_thread():
    mail = parse(
        b"From: =?utf-8?B?0JDQvdC90LA=?= <Anna@Client.Example>\r\n"
        b"Subject: =?utf-8?B?0JDQutGC?=\r\nMessage-ID: <m3@client.example>\r\n"
        b"References: <m1@klientura>\r\n <m2@client.example>\r\n"
        b"In-Reply-To: <m2@client.example>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
        b"--y\r\nContent-Type: text/plain; charset=koi8-r\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n"
        + "Привет".encode("koi8-r")
        + b"\r\n--y\r\nContent-Type: text/html\r\n\r\n<b>html</b>\r\n--y--\r\n"
        b"--x\r\nContent-Type: application/pdf; name*=utf-8''%D0%90%D0%BA%D1%82.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\nJVBERi0=\r\n"
        b"--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nbody\r\n--x--\r\n"
    )
    assert (mail.sender, mail.address, mail.subject) == ("Анна", "anna@client.example", "Акт")
    assert (mail.message_id, mail.text) == ("m3@client.example", "Привет")
    assert mail.references == ("m1@klientura", "m2@client.example")
    assert [(file.name, file.content[:5]) for file in mail.files] == [
        ("Акт.pdf", b"%PDF-"), ("2.eml", b"Subje"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: \xd0\xff\r\n\r\n\xff\x00",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n--x",
        b"Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset*=''%ff\r\n\r\n@@",
        b"From: <<>@,;:\r\nDate: never\r\nMessage-ID: no brackets\r\n\r\ntext",
        b"From: " + b"a" * 3000 + b"@b.example\r\nSubject: " + b"x" * 5000 + b"\r\n\r\n",
        b"Content-Disposition: attachment; filename=\"\xd0\xd1\x00\"\r\n\r\nx",
    ],
)  # fmt: skip
def test_whatever_is_broken_is_read_as_far_as_it_goes(broken):
    mail = parse(broken)
    assert mail.message_id
    assert "\x00" not in mail.subject + mail.text + mail.sender
    assert len(mail.address) <= 254


def test_robots_are_known():
    assert parse(b"From: a@b.example\r\nAuto-Submitted: auto-replied\r\n\r\n").is_automatic
    assert parse(b"From: MAILER-DAEMON@b.example\r\n\r\n").is_automatic
    assert not parse(b"From: a@b.example\r\nAuto-Submitted: no\r\n\r\n").is_automatic
