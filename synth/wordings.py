"""The wordings by which a sentence of each kind is known: tables that `synth/cues.py` reads.

A row has a strength from 0 to 1, the part of the sentence that states the thing, and a pattern;
a line that begins with `|` goes on with the row before it. A wording that *states* the thing is
strong, one that only mentions that there is such a thing is too weak to be shown by itself.
Strengths were set by reading what they find in transcripts of interviews, posts and abstracts.
"""

from __future__ import annotations

LISTS = r"""
ADV    (?:implicitly|tacitly|crucially|critically|heavily|also|then|only|still|all|just
       |really|usually|typically|often|largely|simply|actually|easily|directly|even
       |of course|first|currently|yet|fully|necessarily|always|reliably|severely
       |inherently|fundamentally|somewhat|probably|deeply|importantly|clearly|badly
       |further|empirically|experimentally|surprisingly|consistently|itself|now
       |very much|most|particularly|try to|start by|imagine)
AIM    (?:to (?:see|test|check|measure|find out|tell|learn|determine|compare|know)
       |whether|and (?:then )?(?:see|check|compare|measure|test|ask|look)|by comparing|against
       |with and without|how (?:much|often|many|well))\b
AMOUNT how (?:much|many|often|fast|large|far|long|common|quickly|likely|rare)
ASKS   (?:does|do|can|could|will|would|is|are|should|how|what|why|to what extent|under what
       |when|in what|which|whether|if)
BREAK  (?:generali[sz]e|scale|transfer|hold|apply|capture|address|guarantee|extend
       |carry over|account for|distinguish|rule out|solve|survive|match|tell us
       |settle|handle|detect|suffice|correspond|reflect)
CRITIC (?:some|many|others|critics|sceptics|skeptics|opponents|several|people|proponents
       |a critic|a sceptic|a skeptic|the \w+ desk|some people|many people
       |some researchers|many researchers)
FORK   (?:should|could|might|may|ought to)
IS     (?:is|was|are|were|remains?|seems?|'s|'re|would be|might be|may be|could be)
MAIN   (?:main|key|chief|major|big(?:gest)?|central|crucial|core|important|serious
       |obvious|natural|real|fundamental|primary|deep(?:est)?|hard(?:est)?|critical
       |common|strongest|best|first|second|third|last|other|another|further|remaining
       |interesting|possible|potential|standard|classic|usual|open)
MAKE   (?:train|fine-?tune|build|collect|construct|create|design|score|vary|evaluate
       |examine|investigate|look at|look for|study|estimate|probe|search|set up)
NICE   (?:interesting|useful|valuable|worthwhile|fruitful|exciting|informative|good
       |great|nice|helpful|instructive|worth it|important|illuminating|wonderful|cool
       |fascinating)
PIN    (?:define|formali[sz]e|operationali[sz]e|make (?:\w+ )?precise|pin down)
SWAY   (?:update|drop|abandon|give up|reconsider|revise|conclude|change (?:my|our)
       |become (?:much|more|less)|be (?:much |far |a lot |way |quite )?(?:more|less|convinced
       |persuaded|reassured)|think (?:much |far )?(?:worse|better|less|more) of)
THESIS (?:argument|approach|plan|scheme|method|methods|proof|result|results|claim|story
       |case|proposal|strategy|theorem|guarantee|protocol|analysis|conclusion|practice
       |measure|item|agenda|programme|program|debate|oversight|design|model|framework
       |hope|technique|techniques|approaches|work|defence|defense|definition|estimate
       |picture|view|reasoning|rule|algorithm|algorithms|formulation|bet|idea)
TRY    (?:test|measure|compare|replicate|ablate|red-team|quantify|benchmark
       |check|run (?:an?|the|this|these|some|more|experiments?)|run \w+ experiments?
       |plant|pre-?register)
TRYING (?:\w+ly )?(?:validate|verify|show|test|measure|check|replicate|find out|see)\b
WE     (?:we|one|someone|somebody|researchers|people|a team|a lab|future work|others)
WH     (?:whether|how|if|what|which|why|when|where|who|to what extent)\b
"""
"""Lists of words that the patterns below share, as `{NAME}`."""

TABLES = {
    "open question": r"""
1.0  after  (?:open|unsolved|unanswered|unresolved|outstanding)(?: \w+)? (?:question
            |problem|challenge)s?(?: for| in| of| here)?(?: \w+){0,5}?,? (?:{IS}
            |:)?,? ?(?={WH})
1.0  after  (?:remains?|{IS} still|{IS} largely|{IS} very
            |{IS} currently) (?:\w+ )?(?:unclear|unknown|uncertain|an open question
            |to be seen) (?={WH})
0.95 after  {IS} (?:also |therefore |thus |so |as yet )?(?:unclear|unknown
            |an open question) (?={WH})
0.95 after  (?:nobody|no one)(?: in \w+ \w+)? (?:{ADV} )*(?:knows
            |understands) (?={WH})
0.9  before (?:{IS}|has been
            |poses?) (?:{ADV} )*(?:an? )?(?:\w+ )?(?:and |yet )?(?:open(?![- ]\w*sourc)
            |unsolved|unanswered|unresolved)\b(?!-)
0.9  before (?:remains?|{IS} still|{IS} poorly|{IS} not (?:yet )?well
            |{IS} little) (?:\w+ )?(?:understood|unclear|unknown|to be (?:seen|shown
            |determined|understood)|elusive|open(?![- ]\w*sourc)|unsolved)\b(?!-)
0.9  after  (?:nobody|no one) (?:has|is) (?:yet |ever |really )?(?=(?:shown|tested
            |tried|measured|studied|solved|demonstrated|built|worked out|figured out
            |found|keeping|explained|checked)\b)
0.85 after  (?<!that )(?<!when )(?<!while )(?<!if )(?<!because )we (?:{ADV} )*(?:do not
            |don't) (?:{ADV} )*(?:know|understand) (?={WH})
0.85 before (?:has|have)(?:n't| not
            | never) (?:{ADV} )*been (?:\w+ly )?(?:\w+ly )?(?:studied|tested
            |explored|tried|shown|measured|established|demonstrated|examined|settled
            |replicated)\b
0.85 after  {MAIN} (?:\w+ )?question(?: here| then| now| for \w+| we \w+)? (?:is
            |becomes|remains)(?: then| now| still)?[,:]?
0.85 after  (?:promising|important|interesting|natural|obvious|useful|valuable
            |another|exciting|fruitful) (?:\w+ )?(?:direction|avenue|topic|line
            |extension|goal|area)s?(?: for| of)?(?: \w+){0,4} (?:is|would be
            |are) (?:to )?
0.85 after  (?:future|further|more|additional|follow-?up|much more) (?:\w+ )?(?:work
            |research|study|studies|investigation)(?: {IS} (?:needed|required
            |necessary|warranted)| should| must| needs?| will need)(?: to| on| into
            | for)*
0.8  whole  (?:is|are|be|leaves? .{10,90}) (?:left )?(?:for|to) (?:future|further
            |later) (?:work|research)
0.9  after  (?:what|things?|something) (?:that )?(?:we|i|you|one) (?:{ADV} )*(?:need|want
            |have|would like|'d like) to (?:figure out|know|understand|find out|learn) is
0.8  after  interested in (?:understanding|knowing|figuring out|finding out|the question of
            |studying)
0.8  after  (?:would|'d) be (?:{ADV} )*{NICE} (?:to|for \w+ to) (?:know|understand
            |investigate|explore|find out|learn|figure out|study|work out|extend
            |develop)
0.8  after  (?:we|i)(?:'d| would) (?:{ADV} )*(?:like|love|want) to (?:know
            |understand|figure out|find out|work out|have a (?:better|good) \w+ of)
0.75 after  (?:the|a|then the|so the) (?:\w+ )?(?:question|problem|puzzle)(?: then
            | now| here)? (?:is|becomes|remains)(?: then| now)?[,:]? (?={WH})
0.75 after  (?:uncertain|unsure|not clear|far from clear|not obvious|hard to (?:know
            |tell|say)|not (?:yet )?known) (?={WH})
0.7  after  (?:we|researchers|the field
            |someone) (?:will |would |must |should |still )*(?:need
            |have) to (?:figure out|understand|find out|work out|learn|discover
            |answer) (?={WH})
0.7  whole  (?:worth|worthy of|deserves?|warrants?
            |merits?) (?:further |more |careful |serious )*(?:investigat|explor
            |study|research|examin)
0.62 whole  ^(?:(?:and|but|so|then|now),? )*{ASKS}\b[^?]{25,}\?$
0.5  whole  {ASKS}\b[^?]{25,}\?$
0.4  whole  (?:open|unsolved|unanswered|unresolved) (?:\w+ )?(?:question|problem
            |challenge)s?\b
""",
    "limitation": r"""
1.0  after  (?:limitation|shortcoming|drawback|weakness|downside
            |caveat)(?:e?s)?(?: of| with| in| to| for
            | here)?(?: [\w'-]+){0,8}?,? (?:is|are|was|lies in|comes from
            |:)[,:]? (?:that |the fact that )?
0.85 whole  (?<!it )(?<!they )(?<!we )(?<!you )(?<!i )(?:fails|failing|often fail
            |can fail|may fail|tend to fail|struggles
            |often struggle) (?:\w+ly )?(?:to|at|with|when|on|in|badly|silently)
0.9  after  {MAIN} (?:problem|issue|difficulty|challenge|obstacle|concern|worry
            |flaw)(?: here| with [\w' -]{3,60}?| of [\w' -]{3,60}?
            | for [\w' -]{3,60}?| in [\w' -]{3,60}?)? (?:is|are
            |was)(?: in)? (?:that )?
0.9  after  we (?:have |had )?(?:only|did not|do not|didn't|cannot|could not
            |were unable to|never) (?=(?:consider|evaluate|test|study|address
            |examine|claim|rule out|establish|control for|verify|measure)\w*\b)
0.9  whole  (?:breaks?|broke|falls?|fell) (?:down|apart) (?=(?:when|if|as|for|in
            |once|under|on)\b)
0.85 whole  (?<!people )(?:suffers?|suffered) from
0.85 whole  (?:does|do|did|may|might|would|will|could|need)(?:n't
            | not) (?:{ADV} )*{BREAK}\b
0.85 whole  (?:only|at best|chiefly) (?:works?|holds?|appl(?:y|ies)|valid|tested
            |demonstrated|evaluated|been tested|been shown)(?: \w+){0,2} (?=(?:if
            |when|for|in|on|with|under|against)\b)
0.8  whole  (?<!not )(?<!n't )(?:is|are|was|were|been
            |remains?) (?:{ADV} )*(?:limited|restricted|confined) (?=(?:to|by|in)\b)
0.75 whole  (?:{IS}|too|so|very) (?:{ADV} )*(?:brittle|prone to|vulnerable to
            |susceptible to|not robust|confounded|underspecified|ill-defined|intractable
            |prohibitively|expensive|infeasible|unreliable)\b
0.75 whole  (?:has|have) (?:several|some|many|serious|major|two|three|important
            |significant) (?:problems|weaknesses|issues|flaws|limits|limitations
            |shortcomings|drawbacks)\b
0.75 whole  (?:{IS}|has|have|with
            |as) (?:{ADV} )*(?:an?|the|one|another)(?: \w+){0,2} (?:failure mode
            |blind spot|weak point|bottleneck)s?\b
0.75 whole  (?:failure mode|blind spot|weak point|bottleneck)s?(?: here| of [\w' -]{3,60}?
            | for [\w' -]{3,60}?)? (?:is|are|would be|comes from)\b
0.7  whole  (?:cannot|can't|unable to
            |not able to) (?:be |easily |reliably |fully |yet |by itself )*(?:handle
            |detect|verif|measure|evaluat|distinguish|tell|guarantee
            |rel(?:y|ied)|rule out|capture|scale|express|represent)\w*\b
0.55 whole  (?:cannot|can't|unable to
            |not able to) (?:be |easily |reliably |fully |yet |by itself )*(?:check|test
            |trust|see)\w*\b
0.65 after  (?:the|one|a) (?:problem|trouble|difficulty|worry|issue
            |catch) (?:with [\w' -]{3,60} |here )?is (?!in |of |not |to )(?:that )?
0.6  whole  (?:even though|although|though|despite|however|but|yet)\b.*\b(?:limited
            |insufficient|inadequate|fails?|lacks?|poor(?:ly)?)\b
0.35 whole  (?:limitations?|shortcomings?|drawbacks?|weaknesses|caveats?
            |unfortunately)\b
""",
    "assumption": r"""
1.0  after  (?:load-bearing|key|central|crucial|implicit|unstated|main|core|hidden
            |critical|underlying|tacit|fundamental|big|strong|standard|usual|common
            |first|second|only|whole) assumption(?: that \w+ \w+(?= is)
            | here| of [\w' -]{3,60}?
            | in [\w' -]{3,60}?| behind [\w' -]{3,60}?
            | underlying [\w' -]{3,60}?)? (?:is|was|being|that) (?:that )?
1.0  after  {THESIS}s?(?: above| here)? (?:{ADV} )*(?:assumes?|presuppos\w+
            |takes? for granted|presumes?) (?:that )?
0.95 whole  assumptions? (?:{IS}|turns? out to be|will be|can be) (?:\w+ )?(?:false
            |violated|wrong|unrealistic|questionable|unjustified|strong|untested
            |broken|untenable|not (?:hold|true|met|satisfied|realistic|justified))\b
0.9  after  (?:under|on|given|without|relies on|rests on|based on|makes?|making
            |requires?) (?:the|an?) (?:\w+ )?assumption (?:that|of)
0.9  after  {THESIS}s?(?: \w+){0,3} (?:{ADV} )*(?:reli(?:es|ed|y)|rests?|hinges?
            |{IS} premised|hangs?|{IS} predicated|stands?
            |stakes?) (?:{ADV} )*(?:up)?on(?=(?: the| an?| its
            | their)?(?: \w+)? (?:assumption|hope|idea|claim|fact
            |premise|belief|intuition|guess|whether|how|there|people|humans|us|models)\b)
0.6  after  {THESIS}s?(?: \w+){0,3} (?:{ADV} )*(?:reli(?:es|ed|y)|rests?|hinges?
            |{IS} premised|hangs?|{IS} predicated|stands?|stakes?) (?:{ADV} )*(?:up)?on
0.85 after  (?:this|that|it|which|all of this|all this
            |everything) (?:{ADV} )*(?:assumes|presupposes|takes for granted
            |presumes|rests on|hinges on|relies on|{IS} premised on
            |requires that) (?:that )?
0.85 after  (?:strong|unrealistic|simplifying|restrictive|incorrect|wrong|implicit
            |minimal|questionable|specific|key) assumptions? (?:about|on|that
            |regarding|of)
0.8  whole  (?:only|just) (?:works?|holds?|true|valid|succeeds?|safe|makes? sense
            |helps?|useful|possible|sound) (?=(?:if|when|as long as|provided)\b)
0.75 after  (?:depends?
            |depending) (?:crucially |critically |heavily |entirely |strongly )on
0.75 after  (?:we|they|authors|most people|people|everyone|researchers|he
            |she) (?:{ADV} |have to |need to |must |are |'re )*(?:assum(?:e
            |es|ed|ing)|presuppose|take for granted) (?:that )?
0.7  whole  (?:load-bearing|precondition|prerequisite|presupposition)s?\b
0.65 after  (?<!i )(?<!would have )assum(?:ing|es|ed) (?:that )?
0.6  whole  (?:as long as|provided that|so long as|insofar as)
0.35 whole  (?:assumptions?|assume|premise)\b
""",
    "crux": r"""
1.0  after  crux(?:es)?(?! of (?:our|the|this|my|your) (?:approach|method|paper|question
            |trade-?off))(?: (?:of|for|between|that|which|behind|with|in) [\w' -]{2,80}?
            | here)?(?: then)? (?:is|are|:|seems? to be|feels? (?:something )?like
            |comes? down to)(?! (?:summari|describ|discuss|listed|shown|related))(?: just
            | that)*[,:]?
1.0  whole  (?:{FORK}|will|'d|to|that) (?:\w+ )?change (?:my|our|your|their|his|her
            |people's|anyone's) (?:own )?minds?\b
1.0  whole  (?:i|we)(?:'d| would) (?:\w+ )?{SWAY}\b[^.?!]{0,80}\b(?=(?:if|unless
            |once)\b.{20,})
0.95 whole  (?:if|unless) [^.?!]{15,200}?,? (?:then )?(?:i|we)(?:'d| would
            | should) (?:\w+ )?{SWAY}\b
0.95 whole  if [^.?!]{15,220}?,? (?:then )?(?:i|we)(?:'d| would) (?:\w+ )?(?:feel|be
            |become) (?:\w+ )?(?:more|less) \w+
0.95 whole  (?:i|we)(?:'d| would) (?:\w+ )?(?:feel|be|become) (?:\w+ )?(?:more
            |less) \w+[^.?!]{0,80}\b(?:if|once|unless)\b.{15,}
0.85 whole  if (?:i|we) (?:thought|believed|saw|learned|learnt|were convinced
            |became convinced) [^.?!]{10,160}(?:i|we)(?:'d| would)\b
0.9  after  (?:{MAIN}|secondary|actual|true) (?:\w+ )?disagreements?(?: here
            | (?:between|with|among|in) [\w' -]{2,60}?)? (?:is|are|was
            |were)(?: just| really| about| over| that| on)*[,:]?
0.9  whole  (?:would|could|might) (?:\w+ )?(?:make
            |leave) (?:me|us) (?:{ADV} |much |far )*(?:more|less) \w+
0.9  after  (?:key|main|central|crucial|core|real|biggest|critical|major
            |underlying) (?:\w+ )?(?:uncertaint(?:y|ies)|consideration|disagreement
            |question|difference)s?(?: \w+){0,4}? (?:is|are|about|over
            |concerns?)(?: about)?[,:]? (?=(?:whether|how|if)\b)
0.9  after  (?:hinges?|turns?|comes? down|boils? down|bottoms? out|rests?
            |depends? (?:crucially|critically|heavily|entirely|mostly|strongly|a lot
            |very much|largely|primarily)) (?:on|to|in
            |upon) (?:the question of |a question of )?(?=(?:whether|how|what|which
            |if)\b)
0.9  after  (?:disagree|disagrees|disagreements?|differ|differs|dispute|split|divided
            |undecided) (?:\w+ ){0,4}?(?:is |{IS} |about |on |over )*(?=whether\b)
0.85 whole  (?:what|which|anything|something|evidence|result
            |finding) (?:\w+ )?(?:would|could|might) (?:\w+ )?(?:convince
            |persuade) (?:me|us|them|you|people|a \w+)\b
0.75 after  (?<!to )depends? (?:\w+ ){0,2}on (?=whether\b)
0.7  after  (?:hinges?|bottoms? out) (?:{ADV} )*(?:up)?(?:on|in)
0.55 whole  (?:biggest|greatest|main|key|major|core
            |crucial) (?:source of |point of |area of )?(?:uncertaint(?:y|ies)
            |disagreements?)\b
0.42 after  depends? (?:\w+ ){0,2}on (?=(?:how|what|which|if)\b)
0.65 whole  (?:strong|good|best|decisive|clear) evidence (?:against|for or against
            |either way)\b
0.35 whole  crux(?:es|y)?\b
""",
    "experiment": r"""
1.0  after  (?:would|'d|might|could) be (?:{ADV} )*{NICE} (?:to|if \w+
            |for \w+ to) (?:\w+ )?(?=(?:test|run|try(?! to (?!{TRYING}))
            |see (?:if|whether|what|how)|measure|compare|check|replicate|do (?:an?|some
            |more) (?:\w+ )?(?:experiment|stud|test|comparison))\b)
1.0  after  (?:experiment|trial|comparison|test|study|ablation|check
            |evaluation)s?(?: here| for [\w' -]{3,60}?| of [\w' -]{3,60}?| i would
            | i'd| we would| we'd| one could| that)?(?: \w+){0,3} (?:would be|is
            |would|could be|might be|:)(?: simply| just)? (?:to )
1.0  after  (?:cheap|cheapest|simple|simplest|natural|obvious|direct|decisive
            |crucial|concrete|sharpest|cleanest|most informative|proposed|suggested
            |first) (?:\w+ )?(?:test|experiment|trial|study
            |comparison)(?: \w+){0,3} (?:would|is|could|might)\b
0.95 after  {WE} {FORK} (?:{ADV} )*(?={TRY}\b)
0.95 after  (?:i|we)(?:'d| would) (?:{ADV} )*(?:love|like|be (?:excited|interested|curious
            |keen)) to see (?=(?:someone|somebody|people|researchers|more|an?|the
            |experiments?|research|work|studies|whether|how|\w+ \w*(?:applied|tested|tried
            |run|done|extended|replicated))\b)
0.95 after  we(?:'d| would) (?:{ADV} )*(?:fund|pay for|run) first(?: is)?
0.9  whole  (?:proposal|experiment|comparison|study|test
            |trial)s? (?:that )?(?:we|i) (?:would|propose|suggest|recommend|want
            |plan)\b
0.85 whole  (?:experiment|comparison|study|test|evaluation|trial)s? (?:that )?(?:you|we
            |one|people|somebody|someone|i) (?:could|might|should) (?:do|run|try|make
            |design|imagine)\b
0.85 after  (?:you|we|one|somebody|someone|people) (?:can|could|should|might) (?=(?:design
            |run|do|set up) (?:an?|the|this|that|these|some
            |such)(?: \w+){0,2} (?:experiment|ablation|trial)s?\b)
0.85 whole  (?:way|thing|approach) (?:that )?(?:you|we|one|people|somebody
            |someone) (?:could|can|might) (?:try (?:and |to )
            |do (?:here )?(?:is|to) )?(?=(?:test|measure|check|compare|replicate)\b)
0.85 whole  (?:one|another|a) (?:\w+ )?way to (?=(?:test|measure|check
            |find out)\b[^.?!]{3,90}\b(?:is|would be)\b)
0.8  whole  (?:should|could|might|needs? to
            |ought to) (?:{ADV} )*be (?:{ADV} )*(?:tested|replicated|compared|ablated
            |checked) (?:by|with|against|on|using|in|for)\b
0.9  whole  (?:results?|difference|drop|rise|gap|comparison|experiment|tests?|success
            |failure|agreement|disagreement|reversals?|correlation|curves?
            |figures?)\b[^.;]{0,90}\b(?:would|could|might) (?:\w+ )?(?:tell us|falsify
            |distinguish|refute|settle|discriminate|disconfirm|suggest that|mean that
            |show (?:whether|that)|reveal (?:whether|that)|be evidence)\b
0.85 after  (?<!where )(?:future|further|follow-?up) (?:work|research|experiments?
            |studies) (?:could|should|might|may)
0.85 after  (?:i|we) (?:propose|suggest|recommend) (?:the following|an?|to run
            |running)(?=(?: \w+)? (?:experiment|trial|comparison|ablation)\b)
0.75 after  (?<!how )(?<!which )(?<!ways )(?<!where )(?<!if )(?<!that )(?:we|one|someone
            |somebody|researchers) (?:could
            |should) (?:{ADV} )*(?={MAKE}\b[^.?!]{3,200}\b{AIM})
0.7  whole  (?<!if we )(?<!if you )(?<!if i )(?:could|can|would|might|should
            |try to)\b[^.?!;]{12,160}\band (?:then |just |try to )*(?:see|check|test
            |measure) (?:if|whether|how)\b
0.75 after  you (?:could|should|might) (?:{ADV} )*(?={TRY}\b)
0.7  whole  (?:can|would) be (?:directly |experimentally |empirically )(?:tested
            |measured|checked|verified)\b
0.5  whole  (?:randomi[sz]ed (?:controlled )?(?:trial|experiment)s?
            |blinded? (?:trial|study|test))\b
0.6  after  (?:to )?test (?=(?:whether|if)\b)
0.35 whole  experiments?\b
""",
    "objection": r"""
1.0  after  (?:objection|counter-?argument|criticism|critique|rebuttal
            |reply)s?(?: to [\w' -]{3,60}?| against [\w' -]{3,60}?
            | of [\w' -]{3,60}?| here)?,? (?:is|are|was|would be|runs|goes
            |:)(?: just| often| that| basically)*[,:]?
0.95 whole  {CRITIC} (?:(?!to )\w+ )?(?:{FORK} |would |will )?(?:{ADV} )*(?:argues?|argued
            |objects? (?:that|to)\b|objected|repl(?:y|ies|ied) that|complains?|warns?
            |counter that|disputes?|disputed|disagrees?|doubts?)\b(?! for)
0.9  after  (?:argues?|argued|arguing|argument|arguments|case|reasons?) against
0.9  whole  (?:casts? (?:\w+ )?doubt on|calls? into question|contradicts|runs? counter to
            |tells? against|evidence against|counterexamples? to)
0.7  whole  (?:undermines|contrary to|at odds with|in tension with)
0.85 whole  (?:i|we|they|he|she) (?:\w+ )?disagrees? (?:with|about|that|because|on
            |here)\b
0.85 whole  (?:i|we|they|he|she) (?:\w+ )?(?:do not|don't|am not|are not|aren't
            |'m not|'re not|does not|doesn't) (?:\w+ )?(?:buy|believe|convinced|persuaded
            |find (?:\w+ ){0,6}(?:plausible|convincing|compelling|persuasive))\b
0.85 whole  (?:sceptical|skeptical|doubtful|unconvinced)(?: of| that| about
            | whether)?
0.8  before (?<!whether it )(?<!if it )(?<!that it )(?:{IS}|look
            |looks) (?:{ADV} )*(?:wrong
            |mistaken|implausible|misguided|misleading|flawed|unconvincing
            |overstated|overblown|unjustified|naive|too (?:optimistic|pessimistic
            |strong|weak)|not (?:convincing|compelling|sound))\b(?! (?!(?:about|because|in|to|for
            |and|but|as|if|when|since|that|on|at|by|here|with)\b)\w)
0.75 whole  (?:the|one|an?) (?:\w+ )?(?:disagrees|warns|doubts
            |worries)(?: that| whether| with)?
0.6  whole  (?:overstates|overclaims|underestimates|overestimates|ignores
            |overlooks|neglects|misses the point)\b
0.7  after  (?:you|one|someone|people|some) (?:might|may|could|would) (?:\w+ )?(?:object
            |worry|argue|complain|suspect)\b(?: that|,)?
0.5  after  (?:you|one|someone|people|some) (?:might|may) (?:say|think|ask)\b(?: that|,)?
0.5  whole  (?:i|we) (?:\w+ )?(?:do not|don't) think
0.4  whole  (?:objections?|object(?:s|ed) (?:that|to)|counter-?arguments?
            |disagree\w*|sceptic\w*|skeptic\w*)\b
""",
    "finding": r"""
1.0  after  (?:we|they|authors|experiments?|results?|colleagues|study|studies
            |al\.?) (?:{ADV} |have )*(?:finds?
            |found|shows?|showed|shown|observes?|observed|demonstrates?|demonstrated
            |reports?|reported|discover|discovered)(?: empirically
            | experimentally)?,? that
0.9  after  (?:our|the|these|their|experimental|empirical|preliminary
            |recent) (?:\w+ )?(?:results?|experiments?|findings|evidence|evaluation
            |data) (?:also |strongly )?(?:shows?|suggests?|indicates?|demonstrates?
            |reveals?|confirms?|impl(?:y|ies)) (?:that )?
0.8  whole  (?:outperform|exceed|surpass)(?:s|ed) (?:\w+ ){0,6}(?:baselines?|prior|previous
            |state|existing|current)\b
0.8  whole  (?:improve|reduce|increase|rise|rose|fall|fell|drop)\w* (?:\w+ ){0,6}(?:by
            |from|to) (?:about |around |over |up to |roughly )?\d
0.4  whole  \d+(?:\.\d+)? ?(?:%|per cent|percent)
0.6  after  turn(?:s|ed) out that
""",
    "unmeasured": r"""
1.0  after  (?:nobody|no one|no-one) (?:has|is) (?:yet |ever |really )?(?=(?:measured
            |quantified|estimated|counted|keeping)\b)
1.0  whole  (?:has|have)(?:n't| not| never) (?:{ADV} )*been (?:\w+ly )?(?:measured
            |quantified|estimated|counted)\b
0.95 whole  (?:no|a single|any) (?:\w+ )?(?:published|reliable|good|direct|agreed
            |known) (?:\w+ )?(?:estimate|figure|number|measurement|measure|metric
            |benchmark|rate)s?\b
0.9  whole  (?:measurements?|estimates?|metrics?)\b[^.;]{0,60} (?:hardly|barely) exist
0.9  whole  (?:rarely|seldom|hardly ever|never|not) (?:been )?(?:measured|quantified
            |counted|reported)\b
0.85 after  (?:(?:we|they|people|researchers|scientists)(?: \w+)? (?:do not|don't)
            |nobody|no one)(?: \w+){0,2} knows? (?={AMOUNT}\b)
0.8  whole  (?:hard|difficult|impossible|not easy) to (?:measure|quantify|estimate)\b
0.75 whole  {AMOUNT}\b[^?]{15,}\?$
0.7  whole  (?:we|field|community) (?:lacks?|needs?
            |want) (?!to )(?:\w+ ){0,3}(?:metric|measure|benchmark|estimate
            |measurement)s?\b
""",
    "notion": r"""
1.0  whole  (?:no|without an?|lacks? an?) (?:\w+ )?(?:agreed|precise|formal|clear|good
            |standard|satisfactory|satisfying|exact|rigorous)? ?definition\b
1.0  whole  (?:not|never|hardly|poorly) (?:yet |been |{ADV} )*(?:well[- ])?defined\b
1.0  whole  (?:not|never|hardly) (?:yet |been |{ADV} )*formali[sz]ed\b
0.95 whole  (?:{IS}|too|so|being|left|term|notion|concept
            |word) (?:{ADV} )*(?:ill|under)-?(?:defined|specified)\b
0.9  whole  (?:unclear|clear|clearer|know|knows|agree|agrees|agreement
            |disagree|disagreement|question of|understand|figure out|say|specify
            |pin down|ask|asks|asking|explain|wonder
            |debate)(?: \w+){0,2} (?=what (?:we|people|one|it|they|you
            |exactly) (?:do we |really |even )*(?:means?|counts|would mean) (?:by|as
            |for)\b)
0.85 whole  (?:hard|harder|difficult|impossible|tricky|challenging|not easy|easy
            |an attempt|tried|trying|failed|fails|unable|yet|need|needs
            |remains) to (?:\w+ly )?{PIN}\b
0.85 whole  how (?:to|do|should|can|could|would|might|we) (?:\w+ ){0,3}{PIN}\b
0.85 whole  (?:need|needs|want|wants|lack|lacks|lacking|find|absence of|without|toward
            |towards|missing|seek|seeking|give us|no)(?: \w+){0,3} (?:formal|precise
            |mathematical|rigorous) (?:\w+ )?(?:definition|account|notion|statement|theory
            |framework)s? (?:of|for)\b
0.75 whole  (?:towards?|problem of|challenge of|difficulty of|attempts? at|progress on
            |work on|question of) (?:formali[sz]ing|defining|operationali[sz]ing
            |pinning down)\b
0.8  whole  (?:vague|ambiguous|fuzzy|slippery|informal) (?:\w+ )?(?:notion
            |concept|term|word|idea|definition)s?\b
0.7  whole  (?:goes? (?:by|under)|used for|stands? for) (?:\w+ )?(?:one name|everything
            |several|many)\b
0.35 whole  (?:definitions?|concepts?|notions?|define|formali[sz]\w+|operationali[sz]\w+)\b
""",
}
"""By kind, its wordings; the first that is heard in a sentence counts."""
