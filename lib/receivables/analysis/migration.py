"""Migration of receivables (账款迁徙): where money in each bucket goes, and what is lost in the end.

Three instruments, from fine to coarse: :func:`roll_rates` and :func:`transition_matrix` follow single
accounts; :func:`flow_rates` (迁徙率) sees bucket totals only, so bucket width must equal the step;
:func:`vintages` follow the invoices of one month. :func:`absorb` runs a matrix to its end.
"""

from receivables.analysis.flow import FlowRates, flow_rate, flow_rates, loss_rates
from receivables.analysis.markov import Absorption, absorb
from receivables.analysis.rolling import roll_rates, transition_matrix
from receivables.analysis.vintage import Vintages, crossed_on, ever, vintages

__all__ = ["Absorption", "FlowRates", "Vintages", "absorb", "crossed_on", "ever", "flow_rate", "flow_rates",
           "loss_rates", "roll_rates", "transition_matrix", "vintages"]
