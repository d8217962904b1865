#!/usr/bin/env python3
"""Makes Odd.class, of instructions that javac does not make: nop, swap, goto_w, wide with a small
operand, dup_x1 and dup2 on two ints, pop2, and a lookupswitch of nothing.  It prints 2 and 5.
hostile.py makes its classes with what is here, too."""

import struct
import sys


class Class:
    """A class file with one method, main, of such code."""

    def __init__(self, name):
        self.name = name
        self.constants = []

    def add(self, tag, data):
        if (tag, data) not in self.constants:
            self.constants.append((tag, data))
        return struct.pack(">H", self.constants.index((tag, data)) + 1)

    def utf8(self, text):
        return self.add(1, struct.pack(">H", len(text)) + text.encode())

    def named(self, name):
        return self.add(7, self.utf8(name))

    def string(self, text):
        return self.add(8, self.utf8(text))

    def member(self, tag, owner, name, descriptor):
        return self.add(tag, self.named(owner) + self.add(12, self.utf8(name) + self.utf8(descriptor)))

    def file(self, code, stack=4, local=2, handlers=b"", super_="java/lang/Object", descriptor="([Ljava/lang/String;)V",
             flags=0x9):
        this, above = self.named(self.name), self.named(super_)
        body = struct.pack(">HHI", stack, local, len(code)) + code + struct.pack(">H", len(handlers) // 8) + handlers + b"\0\0"
        method = struct.pack(">H", flags) + self.utf8("main") + self.utf8(descriptor) + b"\0\1" + self.utf8("Code") + struct.pack(">I", len(body)) + body
        pool = b"".join(bytes([tag]) + data for tag, data in self.constants)
        # Version 49: without the tables by which Java verifies newer ones.
        return (b"\xca\xfe\xba\xbe\0\0\0\x31" + struct.pack(">H", len(self.constants) + 1) + pool +
                b"\0\x21" + this + above + b"\0\0\0\0\0\1" + method + b"\0\0")


def odd():
    c = Class("Odd")
    out = c.member(9, "java/lang/System", "out", "Ljava/io/PrintStream;")
    println = c.member(10, "java/io/PrintStream", "println", "(I)V")
    return c.file(b"".join([
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
    ]))


if __name__ == "__main__":
    sys.stdout.buffer.write(odd())
