# wrong: mine.profile
# score: 84.00
# message: it is the same machine as pdp10, which comes with droste
name my-own
after nothing before it
retu execute
