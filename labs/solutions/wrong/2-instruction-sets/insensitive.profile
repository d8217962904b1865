# wrong: mine.profile
# score: 80.00
# message: theorem-1 holds for it by the letter, and is to fail: no instruction breaks it
name mine
stck execute
halt ignore
