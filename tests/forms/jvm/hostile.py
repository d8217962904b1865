#!/usr/bin/env python3
"""Makes class files that no compiler would, one for each thing that must be refused, in a folder, and says
what is to be said of them: FILE|MESSAGE on each line.  hostile.py FOLDER; called by forms.sh."""

import os
import struct
import sys

from odd import Class, odd


def h(text):
    return bytes.fromhex(text)


RETURN = h("b1")
c = Class("Hostile")
out = c.member(9, "java/lang/System", "out", "Ljava/io/PrintStream;")
println = c.member(10, "java/io/PrintStream", "println", "(I)V")
length = c.member(10, "java/lang/String", "length", "()I")
text = c.string("text")
chars = c.member(9, "java/lang/String", "chars", "[C")
sine = c.member(10, "java/lang/Math", "sin", "(D)D")
missing = c.named("Missing")
plain = c.named("java/lang/Object")
comparable = c.named("java/lang/Comparable")
real = c.add(4, h("3fc00000"))

VERIFY = "jvm: VerifyError: Hostile.main, at %d: "
cases = {
    "empty": (h("57") + RETURN, VERIFY % 0 + "an operand is not there, or half of one"),
    "deep": (h("03") * 5 + RETURN, VERIFY % 4 + "the stack is too deep"),
    "local": (h("15 09 57") + RETURN, VERIFY % 0 + "a local is not there, or is of another kind"),
    "unset": (h("1b 57") + RETURN, VERIFY % 0 + "a local is not there, or is of another kind"),
    "store": (h("03 36 09") + RETURN, VERIFY % 1 + "a local that there is not"),
    "int_as_object": (h("04 b6") + length + h("57") + RETURN, VERIFY % 1 + "an operand is not there, or is of another kind"),
    "object_as_int": (h("01 01 60 57") + RETURN, VERIFY % 2 + "an operand is not there, or is of another kind"),
    "half_a_long": (h("09 57") + RETURN, VERIFY % 1 + "an operand is not there, or half of one"),
    "halves": (h("09 09 5a") + RETURN, VERIFY % 2 + "an operand is not there, or half of one"),
    "middle": (h("a7 0004 11 1234 57") + RETURN, VERIFY % 0 + "a target that is no instruction"),
    "outside": (h("a7 7fff") + RETURN, VERIFY % 0 + "a target that is no instruction"),
    "backwards": (h("a7 ff00") + RETURN, VERIFY % 0 + "a target that is no instruction"),
    "behind": (h("00"), VERIFY % 0 + "the code goes on behind its end"),
    "cut": (h("11 00"), VERIFY % 0 + "the code ends in the middle of an instruction"),
    "depths": (h("03 99 0004 03 00") + RETURN, VERIFY % 4 + "two ways lead here with different stacks"),
    "constant": (h("12") + out[1:] + h("57") + RETURN, "jvm: ClassFormatError: Hostile: constant %d is not what it is used as" % out[1]),
    "no_constant": (h("13 7fff 57") + RETURN, "jvm: ClassFormatError: Hostile: constant 32767 is not what it is used as"),
    "float_constant": (h("13") + real + h("57") + RETURN, VERIFY % 0 + "float and double are not in the subset"),
    "float": (h("0b 57") + RETURN, VERIFY % 0 + "instruction 0x0b is not in the subset (float, double, jsr and ret are not)"),
    "nothing": (h("fe") + RETURN, VERIFY % 0 + "instruction 0xfe is not in the subset (float, double, jsr and ret are not)"),
    "switch": (h("03 aa 0000 00000000 00000000 7fffffff") + RETURN, VERIFY % 1 + "a switch larger than the code"),
    "fields": (h("13") + text + h("b4") + chars + h("57") + RETURN, VERIFY % 3 + "a field of the library, which is nobody else's"),
    "static": (h("b8") + length + h("57") + RETURN, VERIFY % 0 + "a call of the wrong kind for the method"),
    "return": (h("03 ac"), VERIFY % 1 + "a return of another kind than the method's"),
    "method": (h("b8") + sine + RETURN, "jvm: NoSuchMethodError: java/lang/Math.sin (D)D is not in the subset of the library"),
    "class": (h("bb") + missing + h("57") + RETURN, "jvm: NoClassDefFoundError: Missing is neither on the input nor in the subset of the library"),
    "abstract": (h("bb") + comparable + h("57") + RETURN, VERIFY % 0 + "an object of a class that has none"),
    "array": (h("03 bc 06 57") + RETURN, VERIFY % 1 + "an array of float, double or nothing"),
    "dimensions": (h("03 c5") + plain + h("01 57") + RETURN, VERIFY % 1 + "more dimensions than the array has, or none"),
    "receiver": (h("b2") + out + h("b6") + length + h("57") + RETURN, VERIFY % 3 + "an object of another class than the instruction is for"),
    "elements": (h("08 bc 0a 03 34 57") + RETURN, VERIFY % 4 + "an object of another class than the instruction is for"),
    "thrown": (h("13") + text + h("bf"), VERIFY % 3 + "an object of another class than the instruction is for"),
}
files = {name: (c.file(code), said) for name, (code, said) in cases.items()}
good = odd()
files["magic"] = (b"\xca\xfe\xba\xbf" + good[4:], "jvm: ClassFormatError: a class file: it does not begin as one")
files["version"] = (good[:6] + h("00 46") + good[8:], "jvm: UnsupportedClassVersionError: a class file of version 70; use javac --release 8")
files["ended"] = (good[:-9], "jvm: ClassFormatError: the input ends in the middle of a class file or jar")
files["twice"] = (good + good, "jvm: LinkageError: Odd is there twice")
files["large"] = (c.file(h("00") * 60000 + RETURN, local=65535, stack=65535), "jvm: OutOfMemoryError: the classes do not fit; droste run --memory SIZE")
files["itself"] = (c.file(RETURN, super_="Hostile"), "jvm: ClassCircularityError: Hostile is its own superclass")
files["final"] = (c.file(RETURN, super_="[I"), "jvm: IncompatibleClassChangeError: Hostile cannot extend [I")
files["main"] = (c.file(RETURN, descriptor="()V"), "jvm: NoSuchMethodError: nothing on the input has 'public static void main(String[])'")
files["static_abstract"] = (c.file(RETURN, flags=0x409), "jvm: ClassFormatError: Hostile: an abstract method that is static or private")
files["private_abstract"] = (c.file(RETURN, flags=0x402), "jvm: ClassFormatError: Hostile: an abstract method that is static or private")
files["array_class"] = (Class("[[B").file(RETURN), "jvm: ClassFormatError: a class file: a class with an array's name")
files["native"] = (c.file(RETURN, flags=0x109), "jvm: UnsatisfiedLinkError: Hostile.main is native")
files["handler"] = (c.file(RETURN, handlers=struct.pack(">HHHH", 0, 1, 7, 0)), "jvm: VerifyError: Hostile.main, at 7: a target that is no instruction")
files["compressed"] = (b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, 0, 5, 9, 7, 0) + b"A.class12345",
                       "jvm: ZipException: A.class is compressed in the jar: make it with 'jar --create --no-compress'")
files["jar"] = (b"PK\3\3", "jvm: ZipException: not a jar, or a damaged one")

for name, (data, said) in files.items():
    with open(os.path.join(sys.argv[1], "hostile-" + name), "wb") as file:
        file.write(data)
    print("hostile-%s|%s" % (name, said))
