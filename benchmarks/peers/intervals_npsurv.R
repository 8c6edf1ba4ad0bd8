# npsurv's estimate of whole days in (lower, upper]; -1 stands for infinity.
# Prints the shortest seconds and the log-likelihood.
suppressPackageStartupMessages(library(npsurv))
options(digits = 17)
given <- commandArgs(trailingOnly = TRUE)
read <- function(name) {
  path <- file.path(given[1], paste0(name, ".bin"))
  as.numeric(readBin(path, "integer", file.size(path) / 4, 4))
}
lower <- read("lower")
upper <- read("upper")
upper[upper < 0] <- Inf
seconds <- numeric(0)
for (turn in seq_len(as.integer(given[2]))) {
  began <- proc.time()[["elapsed"]]
  fit <- npsurv(cbind(lower, upper), maxit = 10000, tol = 1e-12)
  seconds <- c(seconds, proc.time()[["elapsed"]] - began)
}
cat(min(seconds), fit$ll, "\n")
