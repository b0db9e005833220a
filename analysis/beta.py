"""The beta function and the beta distribution, with the standard library only: pages need them."""

from __future__ import annotations

import math


def log_beta(a: float, b: float) -> float:
    """Return the natural logarithm of the beta function.

    Parameters
    ----------
    a, b : float
        Above 0.

    Returns
    -------
    float

    Examples
    --------
    >>> round(log_beta(2, 3), 6)  # log(1 / 12)
    -2.484907
    """
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def regularised_incomplete_beta(a: float, b: float, x: float) -> float:
    """Return P(theta <= x) for theta ~ Beta(a, b).

    Parameters
    ----------
    a, b : float
        Shape parameters, above 0.
    x : float
        Between 0 and 1, both excluded.

    Returns
    -------
    float
        Between 0 and 1, by the continued fraction of *NIST Digital Library of Mathematical Functions*,
        8.17.22.

    Examples
    --------
    >>> round(regularised_incomplete_beta(2, 3, 0.5), 6)
    0.6875
    """
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - log_beta(a, b))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _continued_fraction(a, b, x) / a)
    return max(0.0, 1 - front * _continued_fraction(b, a, 1 - x) / b)


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Evaluate the fraction by Lentz's method, as modified by Thompson and Barnett."""
    tiny, precise, steps = 1e-300, 1e-10, 1000
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, steps):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            value *= c * d
        if abs(c * d - 1) < precise:
            break
    return value
