# What R says of made-up spells: survival (Kaplan-Meier, clustered standard errors,
# log-normal regression), npsurv (intervals), lme4 (random intercepts).
#
# The tests read r_values.json and never run this script. To make it again, with R and
# its packages survival, npsurv and lme4 (in Debian: r-cran-survival, r-cran-npsurv,
# r-cran-lme4): `Rscript tests/references/r_values.R > tests/references/r_values.json`.

suppressPackageStartupMessages({
  library(survival)
  library(npsurv)
  library(lme4)
})
set.seed(20)

json <- function(x) {
  if (is.list(x)) {
    parts <- vapply(names(x), function(n) sprintf('"%s": %s', n, json(x[[n]])), "")
    return(paste0("{\n", paste(parts, collapse = ",\n"), "\n}"))
  }
  if (is.character(x)) return(sprintf('"%s"', x))
  # JSON knows neither infinity nor a missing number.
  text <- ifelse(is.finite(x), trimws(formatC(x, digits = 17, format = "g")), "null")
  if (length(x) == 1) text else paste0("[", paste(text, collapse = ", "), "]")
}

# Spells of 25 patients, more of some than of others, the patient's own alike.
patient <- sort(sample(25, 150, replace = TRUE))
own <- exp(rnorm(25, log(15), 0.5))[patient]
day <- pmax(1, round(own * exp(rnorm(150, 0, 0.4))))
cut <- sample(5:45, 150, replace = TRUE)
lost <- as.integer(day <= cut)
day <- pmin(day, cut)

curve <- function(weight, robust) {
  fit <- if (robust) {
    survfit(Surv(day, lost) ~ 1, weights = weight, cluster = patient, robust = TRUE,
            conf.type = "log-log")
  } else {
    survfit(Surv(day, lost) ~ 1, conf.type = "log-log")
  }
  s <- summary(fit, times = sort(unique(day)), censored = TRUE)
  list(day = s$time, at_risk = s$n.risk, survival = s$surv, std_err = s$std.err,
       lower = s$lower, upper = s$upper)
}
one <- rep(1, length(day))
per_patient <- 1 / as.vector(table(patient)[as.character(patient)])

# Whole days known to lie in (lower, upper]; npsurv takes them so.
n <- 120
true_day <- ceiling(rlnorm(n, log(20), 0.8))
lower <- pmax(true_day - rgeom(n, 0.3) - 1, 0)
upper <- true_day + rgeom(n, 0.3)
unseen <- runif(n) < 0.2
upper[unseen] <- Inf
masses <- function(lower, upper) {
  fit <- npsurv(cbind(lower, upper), maxit = 10000, tol = 1e-15)
  f <- fit$f
  list(left = f$left, right = f$right, mass = f$p, log_likelihood = fit$ll)
}

# Log-normal regression on the same kind of intervals, with two covariates.
m <- 200
course <- rbinom(m, 1, 0.4)
cycle <- sample(1:6, m, replace = TRUE)
late <- log(cycle)
log_day <- 2.8 + 0.3 * course - 0.15 * late + rnorm(m, 0, 0.7)
whole <- pmax(ceiling(exp(log_day) - 0.5), 1)
from <- pmax(whole - rgeom(m, 0.4) - 1, 0)
to <- whole + rgeom(m, 0.4)
to[runif(m) < 0.25] <- Inf
# A loss on day d lies in (d - 1/2, d + 1/2]; before day 1/2 nothing is lost.
left <- from + 0.5
right <- ifelse(is.infinite(to), NA, to + 0.5)
normal <- survreg(Surv(left, right, type = "interval2") ~ course + late,
                  dist = "lognormal",
                  control = survreg.control(rel.tolerance = 1e-14, maxiter = 100))

# Exact log durations on the nodes of a grid, six spells and more a patient.
step <- log(220 / 2) / 29
who <- rep(1:120, times = sample(5:9, 120, replace = TRUE))
number <- ave(who, who, FUN = seq_along)
induction <- as.integer(number == 1 | runif(length(who)) < 0.2)
truth <- 3.1 + 0.25 * induction - 0.1 * log(number) +
  rnorm(120, 0, 0.3)[who] + rnorm(length(who), 0, 0.25)
node <- pmin(pmax(round((truth - log(2)) / step), 0), 29)
value <- log(2) + step * node
mixed <- lmer(value ~ induction + log(number) + (1 | who), REML = FALSE,
              control = lmerControl(optimizer = "bobyqa",
                                    optCtrl = list(rhoend = 1e-10)))
spread <- as.data.frame(VarCorr(mixed))$sdcor

cat(json(list(
  made_with = paste0("R ", getRversion(), ", survival ", packageVersion("survival"),
                     ", npsurv ", packageVersion("npsurv"),
                     ", lme4 ", packageVersion("lme4")),
  spells = list(patient = patient, day = day, lost = lost),
  greenwood = curve(one, FALSE),
  infusion = curve(one, TRUE),
  patient = curve(per_patient, TRUE),
  intervals = list(lower = lower, upper = upper),
  npsurv = masses(lower, upper),
  durations = list(lower = from, upper = to, course = course, cycle = cycle),
  survreg = list(coefficients = as.vector(coef(normal)), scale = normal$scale,
                 log_likelihood = normal$loglik[2]),
  nodes = list(patient = who, number = number, induction = induction, node = node),
  lme4 = list(coefficients = as.vector(fixef(mixed)), between = spread[1],
              within = spread[2], log_likelihood = as.numeric(logLik(mixed)))
)), "\n", sep = "")
