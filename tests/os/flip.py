#!/usr/bin/env python3
"""Turns a bit of what the tiny operating system's file system says of itself, on a disk: flip.py DISK WHAT, where
WHAT is a row below; those without a name are of the last file.  Called by os.sh."""

import struct
import sys

SECTOR, INODE, ROW, MAGIC = 512, 64, 32, 0x53467244
WORDS = {"type": 0, "links": 1, "size": 2, "direct": 3, "last": 13, "indirect": 14}


def main():
    path, what = sys.argv[1:]
    with open(path, "rb") as file:
        disk = bytearray(file.read())
    first = next(at for at in range(0, len(disk), SECTOR) if struct.unpack_from("<III", disk, at)[::2] == (MAGIC, 1))
    inodes_at, count = struct.unpack_from("<I", disk, first + 12)[0], struct.unpack_from("<I", disk, first + 24)[0]
    inodes = first + SECTOR * inodes_at

    def word(number, index):
        return struct.unpack_from("<I", disk, inodes + INODE * number + 4 * index)[0]

    def row(directory, name):
        for direct in range(3, 14):
            for at in range(first + SECTOR * word(directory, direct), first + SECTOR * (word(directory, direct) + 1), ROW):
                inode, text = struct.unpack_from("<I28s", disk, at)
                if text.rstrip(b"\0") == name:
                    return inode
        sys.exit("no %s" % name)

    home, last = row(1, b"home"), max(n for n in range(1, count) if word(n, 0))
    rows = {
        "magic": (first + 1, 5), "sectors": (first + 5, 1), "log": (first + 8, 3), "count": (first + 27, 7),
        "root-size": (inodes + INODE + 11, 7), "home-size": (inodes + INODE * home + 11, 6),
        "home-type": (inodes + INODE * home, 1), "home-links": (inodes + INODE * home + 4, 5),
        "home-free": (inodes + INODE * home, 0),
    }
    rows |= {name: (inodes + INODE * last + 4 * index + (3 if index > 2 else 0), 4) for name, index in WORDS.items()}
    at, bit = rows[what]
    disk[at] ^= 1 << bit
    with open(path, "wb") as file:
        file.write(disk)


main()
