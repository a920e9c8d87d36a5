"""Bytes to text, markup to words: closely."""

import pytest

from huiying.desk.collect.charset import declared, decode
from huiying.desk.collect.plain import clean, one_line, page_title, plain
from huiying.desk.shell.mask import mask

SAID = "宿舍停水三天了，没有人来修。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312"]
)
def test_chinese_without_a_word_about_its_encoding_is_read(encoding: str) -> None:
    body = f"<p>{SAID * 3}</p>".encode(encoding)
    if encoding in {"utf-16-le", "utf-16-be"}:
        body = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding] + body
    assert SAID in decode(body)[0]


@pytest.mark.parametrize(
    ("content_type", "body", "names"),
    [
        ("text/html; charset=gb2312", b"", ["gb18030"]),
        ('text/html; charset="GBK"', b"", ["gb18030"]),
        ("text/html; charset=iso-8859-1", b'<meta charset="gb2312">', ["gb18030"]),
        ("", b"<?xml version='1.0' encoding='big5'?>", ["big5hkscs"]),
        ("", b'<meta http-equiv="Content-Type" content="text/html; charset=utf-8">', ["utf-8"]),
        ("text/html; charset=nonsense", b"", []),
        ("text/html", b"", []),
        ("text/html; charset=shift_jis", b"<meta charset=euc-kr>", ["shift_jis", "euc_kr"]),
    ],
)
def test_what_header_and_content_declare_is_collected_in_the_order_of_trust(
    content_type: str, body: bytes, names: list[str]
) -> None:
    assert declared(body, content_type) == names


def test_bytes_that_prove_to_be_utf_8_are_so_whatever_is_declared() -> None:
    assert decode(SAID.encode(), "text/html; charset=gb2312") == (SAID, "utf-8")
    assert decode(b"<!-- " + b"x" * 9000 + b" -->" + SAID.encode(), "text/html; charset=gbk")[1] == "utf-8"


def test_a_declared_encoding_that_the_bytes_do_not_keep_is_not_believed() -> None:
    assert decode(SAID.encode("gb18030"), "text/html; charset=utf-8")[0] == SAID
    assert decode(SAID.encode("gb18030"), "text/html; charset=ascii")[0] == SAID


def test_a_broken_character_spoils_only_itself() -> None:
    body = SAID.encode() + b"\xff\xfe" + SAID.encode()
    text, _name = decode(body)
    assert text.count(SAID) == 2
    cut = SAID.encode("gb18030")[:-1]
    assert decode(cut)[0].startswith(SAID[:-1])


def test_plain_ascii_and_nothing_at_all_are_text_too() -> None:
    assert decode(b"plain words") == ("plain words", "utf-8")
    assert decode(b"")[0] == ""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>第一段</p><p>第二段</p>", "第一段\n第二段"),
        ("第一行<br>第二行<br/>第三行", "第一行\n第二行\n第三行"),
        ("<ul><li>甲</li><li>乙</li></ul>", "甲\n乙"),
        ("<b>停</b><i>水</i>了", "停水了"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("<script>alert(1)</script>正文<style>p{}</style>", "正文"),
        ("<p>正文<script>x</script>继续</p>", "正文继续"),
        ("<!-- 注释 -->正文", "正文"),
        ("<img src=x onerror=alert(1)>图", "图"),
        ("<a href='javascript:1'>链接</a>", "链接"),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", "甲\n乙"),
        ("没有标记的话", "没有标记的话"),
        ("1 < 2 而 3 > 2", "1 < 2 而 3 > 2"),
        ("<noscript>请开启脚本</noscript>正文", "正文"),
        ("<svg><title>图标</title></svg>正文", "正文"),
        ("&nbsp;&nbsp;空格&#12288;全角", "空格 全角"),
        ("<p>没有关的标签", "没有关的标签"),
        ("</p></div>多余的关", "多余的关"),
    ],
)
def test_markup_becomes_the_words_that_people_see(html: str, text: str) -> None:
    assert plain(html) == text


def test_double_escaped_markup_stays_words() -> None:
    assert plain("&lt;script&gt;alert(1)&lt;/script&gt;") == "<script>alert(1)</script>"


def test_deep_nesting_is_read_without_falling() -> None:
    found = plain("<div>" * 5000 + "深处" + "</div>" * 5000)
    assert found in {"深处", ""}


def test_white_space_is_tidied_and_line_breaks_stay() -> None:
    assert clean("  甲 \t 乙\r\n\r\n\r\n 丙\u3000丁 ") == "甲 乙\n丙 丁"
    assert one_line("甲\n乙\n 丙") == "甲 乙 丙"
    assert one_line("x" * 900) == "x" * 500
    assert clean("a\x00b\x07c\ud800d\ufffee") == "abcde"


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>系统维护</title>", "系统维护"),
        ("<TITLE class=x>\n 安全 验证 \n</TITLE>", "安全 验证"),
        ("<title>a &amp; b</title>", "a & b"),
        ("<p>没有</p>", ""),
        ("<title>" + "长" * 500 + "</title>", "长" * 80),
    ],
)
def test_a_page_says_its_title(html: str, title: str) -> None:
    assert page_title(html) == title


def test_personal_data_in_what_was_said_is_covered() -> None:
    covered = mask(plain("<p>电话 13812345678，身份证 110101199003074477，信箱 abc@example.cn</p>"))
    assert "13812345678" not in covered and "110101199003074477" not in covered and "abc@" not in covered
