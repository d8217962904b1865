# Lab 2, step 4: a machine of your own.  What user mode does with a System instruction that is not named here: it traps,
# as on the strict machine.
#
#     lpsw    execute     does what supervisor mode does
#     lpsw    ignore      leaves the PSW alone, does the rest
#     lpsw    trap        traps: the same as not to name it

name    mine
after   an idea of mine
