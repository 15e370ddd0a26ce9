"""Texts that would do harm if they were read as anything but text."""

from __future__ import annotations

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></svg></textarea><!-- -->]]>",
    "{{ 7 * 7 }} {% raw %} {# c #}",
    '"] #read("/etc/passwd") ["',
    '#import "@preview/x:1.0.0": *; $a^2$ *b* _c_ `d` @ref <label> = head',
    "UNCLASSIFIED // X /* open",
    "back\\slash \\u{41} \\n",
    "two\nlines\r\n\tand\u2028more",
    "עברית العربية \u202eoverride\u202c \u200f",
    "emoji 😀👩‍👩‍👧 中文 \U0001f3f4\U000e0067 \ue000 \ufdd0",
    "controls \x00\x07\x1b[31m\x7f\x85 \ud800",
    "a | b || c\n| --- |\n- x\n1. y\n# z",
    "a" * 120,
    " ",
]
