#!/usr/bin/env python3
"""Makes Odd.class, of instructions that javac does not make: nop, swap, goto_w, wide with a small
operand, dup_x1 and dup2 on two ints, pop2, and a lookupswitch of nothing.  It prints 2 and 5."""

import struct
import sys

constants = []


def add(tag, data):
    if (tag, data) not in constants:
        constants.append((tag, data))
    return struct.pack(">H", constants.index((tag, data)) + 1)


def utf8(text):
    return add(1, struct.pack(">H", len(text)) + text.encode())


def named(name):
    return add(7, utf8(name))


def member(tag, owner, name, descriptor):
    return add(tag, named(owner) + add(12, utf8(name) + utf8(descriptor)))


out = member(9, "java/lang/System", "out", "Ljava/io/PrintStream;")
println = member(10, "java/io/PrintStream", "println", "(I)V")
code = b"".join([
    b"\x00",                              # 0 nop
    b"\x05\x08",                          # 1 iconst_2, iconst_5
    b"\x5f",                              # 3 swap: 5 2
    b"\xc4\x36\x00\x01",                  # 4 wide istore 1: 2
    b"\xb2" + out,                        # 8 5, out
    b"\x5f\x57",                          # 11 swap, pop: out
    b"\xc4\x15\x00\x01",                  # 13 wide iload 1
    b"\xc8" + struct.pack(">i", 6),       # 17 goto_w 23
    b"\xbf",                              # 22 athrow, never
    b"\xb6" + println,                    # 23
    b"\x05\x06\x5c\x58\x5a\x58\x57",      # 26 2 3; dup2, pop2; dup_x1: 3 2 3; pop2; pop
    b"\x03\xab\x00",                      # 33 iconst_0, lookupswitch at 34, one byte to 36
    struct.pack(">ii", 10, 0),            # to 44
    b"\xb2" + out + b"\x08\xb6" + println + b"\xb1",
])
this, super_ = named("Odd"), named("java/lang/Object")
attribute = utf8("Code") + struct.pack(">IHHI", 12 + len(code), 4, 2, len(code)) + code + b"\0\0\0\0"
method = struct.pack(">H", 9) + utf8("main") + utf8("([Ljava/lang/String;)V") + b"\0\1" + attribute
pool = b"".join(bytes([tag]) + data for tag, data in constants)
# Version 49: without the tables by which Java verifies newer ones.
sys.stdout.buffer.write(b"\xca\xfe\xba\xbe\0\0\0\x31" + struct.pack(">H", len(constants) + 1) + pool +
                        struct.pack(">H", 0x21) + this + super_ + b"\0\0\0\0\0\1" + method + b"\0\0")
