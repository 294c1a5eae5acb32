// SPDX-License-Identifier: GPL-2.0
#include "stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

double kb_median(const double *sorted, size_t n)
{
	return gsl_stats_median_from_sorted_data(sorted, 1, n);
}

double kb_quantile(const double *sorted, size_t n, double q)
{
	size_t below = (size_t)((double)(n - 1) * q);
	/* GSL interpolates at (n - 1) q, counted from 0: that is type 7. */
	double value = gsl_stats_quantile_from_sorted_data(sorted, 1, n, q);

	/* Between two equal values it can be off by the last digit. */
	return fmin(fmax(value, sorted[below]), sorted[below + 1 < n ? below + 1 : below]);
}

/*
 * The largest k for which P(Bin(n, 1/2) < k) <= 2.5 %, by bisection; 0 when there is none. The
 * distribution function grows with k, is above 2.5 % at the middle and 0 at k = 0.
 */
static unsigned int interval_rank(unsigned int n)
{
	unsigned int low = 0, high = n / 2 + 1;

	while (high - low > 1) {
		unsigned int k = low + (high - low) / 2;

		if (gsl_cdf_binomial_P(k - 1, 0.5, n) <= 0.025)
			low = k;
		else
			high = k;
	}
	return low;
}

void kb_median_interval(const double *sorted, size_t n, double interval[2])
{
	unsigned int rank = interval_rank((unsigned int)n);

	if (!rank)
		rank = 1;
	interval[0] = sorted[rank - 1];
	interval[1] = sorted[n - rank];
}

void kb_estimate_values(struct kb_estimate *estimate, const double *sorted, size_t n)
{
	estimate->n = n;
	estimate->min = sorted[0];
	estimate->max = sorted[n - 1];
	estimate->mean = gsl_stats_mean(sorted, 1, n);
	estimate->stddev = n > 1 ? gsl_stats_sd_m(sorted, 1, n, estimate->mean) : 0;
	estimate->p90 = kb_quantile(sorted, n, 0.90);
	estimate->p99 = kb_quantile(sorted, n, 0.99);
	estimate->p99_9 = kb_quantile(sorted, n, 0.999);
}
