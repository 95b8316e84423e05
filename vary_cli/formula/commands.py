"""The commands of TeX's math mode that any engine with amsmath and amssymb knows. Words only, no grammar."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


OPERATORS = words("""
sum prod coprod int iint iiint oint bigcup bigcap bigvee bigwedge bigoplus bigotimes bigodot biguplus bigsqcup lim
limsup liminf max min sup inf det gcd Pr injlim projlim
""")
"""Large operators and those with limits below."""

SYMBOLS = OPERATORS | words("""
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
varepsilon vartheta varpi varrho varsigma varphi varkappa digamma Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi
Omega aleph beth gimel hbar hslash imath jmath ell wp Re Im partial infty prime emptyset varnothing nabla surd top bot
angle triangle forall exists nexists neg lnot flat natural sharp clubsuit diamondsuit heartsuit spadesuit eth mho
complement backslash measuredangle sphericalangle backprime bigstar blacklozenge lozenge square Box Diamond
blacksquare blacktriangle blacktriangledown blacktriangleleft blacktriangleright triangledown triangleleft
triangleright vartriangle vartriangleleft vartriangleright checkmark maltese dagger ddagger S P pounds
copyright pm mp times div ast star circ bullet cdot cap cup uplus sqcap sqcup vee lor wedge land setminus
smallsetminus wr diamond bigtriangleup bigtriangledown lhd rhd unlhd unrhd oplus ominus otimes oslash odot bigcirc
amalg ltimes rtimes boxplus boxminus boxtimes boxdot barwedge leq le geq ge equiv models prec succ sim perp preceq
succeq simeq mid ll gg asymp parallel subset supset approx bowtie subseteq supseteq cong sqsubset sqsupset neq ne
smile sqsubseteq sqsupseteq doteq frown in ni propto vdash dashv notin leqq geqq leqslant geqslant lesssim gtrsim
lessapprox gtrapprox lll ggg nless ngtr nleq ngeq nmid nparallel nsubseteq nsupseteq subsetneq supsetneq subseteqq
supseteqq nsim ncong nprec nsucc preccurlyeq succcurlyeq precsim succsim triangleq approxeq backsim thicksim
thickapprox vDash Vdash Vvdash nvdash nvDash therefore because between pitchfork varpropto colon leftarrow gets
Leftarrow rightarrow to Rightarrow leftrightarrow Leftrightarrow mapsto hookleftarrow hookrightarrow leftharpoonup
leftharpoondown rightharpoonup rightharpoondown rightleftharpoons leftrightharpoons longleftarrow Longleftarrow
longrightarrow Longrightarrow longleftrightarrow Longleftrightarrow longmapsto uparrow Uparrow downarrow Downarrow
updownarrow Updownarrow nearrow searrow swarrow nwarrow leadsto rightsquigarrow twoheadrightarrow rightarrowtail
nleftarrow nrightarrow circlearrowleft circlearrowright iff implies impliedby ldots cdots vdots ddots dots dotsc dotsb
dotsm dotsi dotso arccos arcsin arctan cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh
bmod quad qquad enspace thinspace displaystyle textstyle scriptstyle scriptscriptstyle lbrace rbrace lbrack rbrack
langle rangle lceil rceil lfloor rfloor lvert rvert lVert rVert vert Vert ulcorner urcorner llcorner lrcorner not
""")
"""Commands without arguments."""

NAMED = words("""
arccos arcsin arctan cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup ln log max min Pr sec
sin sinh sup tan tanh
""")
"""Commands that are seen as their own names."""
_ONE = words("""
sqrt hat check breve acute grave tilde bar vec dot ddot dddot mathring widehat widetilde overline underline overbrace
underbrace overrightarrow overleftarrow underrightarrow underleftarrow overleftrightarrow mathbf mathrm mathit mathsf
mathtt mathcal mathbb mathfrak mathscr mathnormal boldsymbol bm pmb operatorname boxed phantom hphantom vphantom smash
substack mathop mathrel mathbin mathord mathopen mathclose mathpunct mathinner pmod mod xrightarrow xleftarrow
operatorname*
""")
_TWO = words("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel")
ARGUMENTS = dict.fromkeys(_ONE, 1) | dict.fromkeys(_TWO, 2)
"""Commands and how many arguments they take."""

SETTINGS = words("mathbf mathrm mathit mathsf mathtt mathnormal boldsymbol bm pmb operatorname operatorname* mathop")
"""Those of them that say how letters are set, as emphasis does in text."""

SPELLINGS = {
    "bm": "boldsymbol",
    "bold": "mathbf",
    "mathscr": "mathcal",
    "mathds": "mathbb",
    "ensuremath": "mathord",
    "dag": "dagger",
    "ddag": "ddagger",
    "arg": "operatorname{arg}",
    "argmax": "operatorname*{arg\\,max}",
    "argmin": "operatorname*{arg\\,min}",
}
"""What stands in for commands that need other packages or are little known."""

IGNORED = words(r"\nonumber \notag \hline \limits \nolimits \nobreak \allowbreak")
"""Commands that may be left out."""

SPACES = words(r"\, \; \: \! \> \/") | {"\\ "}
ESCAPED = words(r"\{ \} \| \% \& \# \$ \_")

CAPITALS = {"\\mathbb": "\\mathbf", "\\mathcal": "\\mathit"}
"""Alphabets of capitals only, and the one for what they lack."""

WORDS = words("text textrm textbf textit textsf texttt textnormal mbox")
"""Commands whose argument is words."""

SIZES = words("big bigl bigr bigm Big Bigl Bigr Bigm bigg biggl biggr biggm Bigg Biggl Biggr Biggm")
"""Commands that enlarge the delimiter after them."""

MATRICES = words("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases aligned gathered split")
"""Environments within a formula, besides array."""

DISPLAYS = {
    "equation": "",
    "align": "aligned",
    "flalign": "aligned",
    "eqnarray": "aligned",
    "gather": "gathered",
    "multline": "gathered",
}
"""Environments that are displays of their own, and what they are within one."""

DELIMITERS = words(r"""
( ) [ ] | / . < > \lbrace \rbrace \{ \} \langle \rangle \lceil \rceil \lfloor \rfloor \vert \Vert \lvert \rvert \lVert
\rVert \| \uparrow \downarrow \Uparrow \Downarrow \updownarrow \backslash \lbrack \rbrack
""")
"""What may stand after \\left, \\right and the sizes."""
