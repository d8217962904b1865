# LPSW as POPF is on the x86: in user mode it does nothing, and does not trap.
name    mine
after   the 8086's POPF
lpsw    ignore
