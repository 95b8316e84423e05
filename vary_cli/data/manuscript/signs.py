"""What formulas are made up of: letters, signs, names; what stands twice is drawn twice as often."""

from __future__ import annotations

LETTERS = "abcdefghijklmnpqrstuvwxyz"
CAPITALS = "ABCDEFGHIJKLMNPQRSTUVWXYZ"
_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau phi "
    "varphi chi psi omega iota upsilon vartheta varrho varpi varsigma "
    "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
GREEK = _GREEK.split()
_RELATIONS = (
    r"= = = = < > \le \ge \ne \approx \equiv \sim \propto \to \in \subset \subseteq "
    r"\Rightarrow \mapsto \ll \gg"
)
RELATIONS = _RELATIONS.split()
_RARE_RELATIONS = (
    r"\simeq \cong \supset \supseteq \notin \ni \prec \succ \preceq \succeq \leqslant \geqslant \lesssim \gtrsim \perp "
    r"\parallel \vdash \dashv \models \leftarrow \leftrightarrow \Leftarrow \Leftrightarrow \longrightarrow "
    r"\Longrightarrow \Longleftrightarrow \hookrightarrow \uparrow \downarrow"
)
RARE_RELATIONS = _RARE_RELATIONS.split()
_OPERATIONS = r"+ + + - - - \cdot \times \pm \oplus \otimes \cup \cap \circ"
OPERATIONS = _OPERATIONS.split()
_RARE_OPERATIONS = r"\ominus \odot \wedge \vee \setminus \star \ast \div \mp \uplus \sqcup \sqcap \bullet \diamond"
RARE_OPERATIONS = _RARE_OPERATIONS.split()
FUNCTIONS = ["sin", "cos", "tan", "log", "ln", "exp", "det", "dim", "ker", "sinh", "cosh", "arctan"]
LIMITED = ["max", "min", "sup", "inf", "lim"]
RARE = 0.25
"""Share of relations and operations that are rare ones."""
ACCENTS = ["hat", "bar", "tilde", "vec", "dot", "ddot", "overline", "widehat", "widetilde"]
ALPHABETS = ["mathbf", "mathcal", "mathcal", "mathbb", "mathbb", "mathrm", "mathfrak", "boldsymbol"]
SMALL = frozenset(["mathbf", "mathfrak", "boldsymbol"])
"""Those of them that have small letters, too."""
ROWS = 0.12
"""Share of signs in a row that are the letters of one alphabet."""
SPECIALS = ["\\infty", "\\partial", "\\nabla", "\\ell", "\\hbar", "\\emptyset", "\\ldots", "\\cdots"]
_RARE_SPECIALS = (
    r"\aleph \wp \Re \Im \forall \exists \neg \top \bot \angle \triangle \square \vdots \ddots \dagger \ddagger \flat "
    r"\sharp \natural \therefore \bigstar \clubsuit \heartsuit"
)
RARE_SPECIALS = _RARE_SPECIALS.split()

_NAMES = (
    "Normal Poisson Gamma Binomial Bernoulli Beta Uniform logit log exp var cov bias rank sign diag trace softmax loss "
    "error rate cost time mean total prior data model train test max min ref out in eff obs true new old Pr Var Cov "
    "grad div curl arg span supp vec prob score weight length width height area volume mass speed power ReLU tanh MSE"
)
NAMES = _NAMES.split()
_CONDITIONS = "if|for all|for some|for|where|otherwise|and|or|with|such that|in|on|when|else|as|if and only if|s.t."
CONDITIONS = _CONDITIONS.split("|")

_SCRIPTS = (
    r"i,j ij n-1 n+1 k+1 -1 \ast \star \top \prime 2n 1/2 -1/2 k,k <i \le{}t >0 \ge{}1 t-1 t+1 i+1 i-1 1:n j\ne{}i n/2 "
    r"(i) (t) (k+1) + - *"
)
SCRIPTS = _SCRIPTS.split()
UPPER = ["n", "N", "\\infty", "m", "K"]
_BELOW = r"\in \in < \le \ne > \ge \subset \mid"
BELOW = _BELOW.split()
"""Relations below a sum or an extreme."""
GAPS = (r" \quad", r", \quad", r" \qquad", r", \qquad", r" \;\;")
"""What parts a formula from what it is said for."""
FENCES = [
    ("(", ")"), ("(", ")"), ("[", "]"), ("|", "|"), ("\\{", "\\}"), ("\\langle", "\\rangle"), ("\\|", "\\|")
]  # fmt: skip
BOUNDS = [("0", "1"), ("0", "\\infty"), ("a", "b"), ("-\\infty", "\\infty"), ("\\Omega", "")]
