# How requests for information grow, year by year: as growth.py, in R without any package.
#
#     Rscript examples/growth.R RELEASE growth-r.png

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 2) stop("usage: Rscript growth.R RELEASE OUT.png")
table <- function(name) {
  path <- file.path(arguments[1], "data", paste0(name, ".csv"))
  read.csv(path, na.strings = "", encoding = "UTF-8", colClasses = c(region_code = "character"))
}

series <- table("series")
coverage <- table("coverage")
received <- series[series$measure == "requests.received.total" & series$comparable == 1 & !is.na(series$value) &
                     series$report_id %in% coverage$report_id, ]

# Each year against the year before, for those bodies alone that have both.
before <- transform(received, year = year + 1)
pairs <- merge(received, before, by = c("publisher", "region_code", "year"), suffixes = c("", ".before"))
sums <- aggregate(cbind(value.before, value) ~ year, pairs, sum)
sums$bodies <- as.vector(tapply(pairs$value, pairs$year, length))
sums$growth <- round(100 * (sums$value / sums$value.before - 1), 1)
names(sums)[2:3] <- c("before", "received")
print(sums[c("year", "bodies", "before", "received", "growth")], row.names = FALSE)

png(arguments[2], width = 1350, height = 780, res = 150, type = "cairo", family = "Noto Sans CJK SC")
places <- barplot(t(as.matrix(sums[c("before", "received")])), beside = TRUE, names.arg = sums$year,
                  col = c("#aeb6bf", "#1b4f72"), border = NA, ylab = "件 requests", las = 1,
                  ylim = c(0, 1.2 * max(sums$before, sums$received)),
                  legend.text = c("上年 the year before", "本年 the year"),
                  args.legend = list(x = "topleft", bty = "n", border = NA))
text(places[2, ], sums$received, sprintf("%+.0f %%\n%d 家", sums$growth, sums$bodies), pos = 3, cex = 0.7)
title("新收政府信息公开申请：连续两年均有报告的机关", adj = 0)
invisible(dev.off())
