# wrong: mine.profile
# score: 90.00
# message: theorem-3 fails for it by the letter, and is to hold: lra
name mine
lra execute
halt ignore
