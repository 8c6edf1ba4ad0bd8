# R's Kaplan-Meier of whole days; as curve_lifelines.py.
library(survival)
options(digits = 17)
given <- commandArgs(trailingOnly = TRUE)
read <- function(name) {
  path <- file.path(given[1], paste0(name, ".bin"))
  readBin(path, "integer", file.size(path) / 4, 4)
}
day <- read("day")
lost <- read("lost")
seconds <- numeric(0)
for (turn in seq_len(as.integer(given[2]))) {
  began <- proc.time()[["elapsed"]]
  fit <- survfit(Surv(day, lost) ~ 1)
  seconds <- c(seconds, proc.time()[["elapsed"]] - began)
}
cat(min(seconds), summary(fit, times = 30)$surv, min(fit$surv), "\n")
