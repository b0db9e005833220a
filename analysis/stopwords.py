"""Stop lists: words that carry no subject of their own, by language.

Written for this project, in lower case and without accents (`text.fold` takes the accents off a word before
it is looked up), so that comments typed without accents are served too. A language that is missing here has
no list: there, words that occur in too many comments are dropped instead (see `corpus`).
"""

from __future__ import annotations

from functools import cache

_ENGLISH = """
a about above across actually after again against ago ah all almost along already also although always am
among an and another any anybody anyone anything anyway anywhere are aren't arent around as aside at away
back be became because become becomes been before began behind being below beside besides between beyond
both but by came can can't cannot cant come comes coming could couldn't couldnt did didn't didnt do does
doesn't doesnt doing don't done dont down during each either else enough especially etc even ever every
everybody everyone everything everywhere except far few first for from further gave get gets getting give
given gives giving go goes going gone gonna got had hadn't hadnt hardly has hasn't hasnt have haven't havent
having he he'd he'll he's hello hence her here here's hers herself hey hi him himself his how how's however
i i'd i'll i'm i've id if ill im in indeed instead into is isn't isnt it it'd it'll it's its itself ive just
keep kind know knows last later least less let let's lets like likely look looks lot lots made mainly make
makes making many may maybe me mean might mine more moreover most mostly much must my myself near nearly
need needs neither never next no nobody none nor not nothing now of off often oh ok okay on once one ones
only onto or other others otherwise ought our ours ourselves out over own per perhaps please put quite
rather really said same saw say saying says see seem seemed seems seen several shall she she'd she'll she's
should shouldn't shouldnt since so some somebody somehow someone something sometimes somewhere soon still
such sure take taken takes taking tell than thank thanks that that's thats the their theirs them themselves
then there there's therefore theres these they they'd they'll they're they've theyre thing things think
thinks this those though through throughout thus to together too took toward towards try trying under unless
until up upon us use used uses using usually very via want wanted wants was wasn't wasnt way ways we we'd
we'll we're we've well went were weren't werent weve what what's whatever whats when whenever where wherever
whether which while who who's whoever whole whom whose why will with within without won't wont would
wouldn't wouldnt wow yes yet you you'd you'll you're you've your youre yours yourself yourselves youve
"""

_SPANISH = """
a acerca acuerdo ademas adonde ahi ahora al algo alguien algun alguna algunas alguno algunos alla alli ambos
ante antes aparte aquel aquella aquellas aquello aquellos aqui asi aun aunque bajo bastante bien buen buena
buenas bueno buenos cada casi cierta ciertas cierto ciertos como con contra creo cual cuales cualquier
cualquiera cuando cuanta cuantas cuanto cuantos da dado dan dar de debajo debe deben deberia deberian debido
decir deja del demas demasiado dentro desde despues di dice dicen dicho digo donde dos durante e el ella
ellas ello ellos en encima entonces entre era eramos eran eres es esa esas ese eso esos esta estaba estaban
estado estamos estan estar estara estas este esten esto estos estoy estuvo ex fue fuera fueron fui gracias
ha haber habia habian habra hace hacen hacer hacerlo hacia hago han hasta hay haya hayan he hemos hizo hola
igual incluso ir ja jamas junto la las le les lo los luego mas mayor me mediante mejor menos mi mia mias
mientras mio mios mis misma mismas mismo mismos mucha muchas mucho muchos muy nada nadie ni ningun ninguna
ninguno no nos nosotras nosotros nuestra nuestras nuestro nuestros nunca o os otra otras otro otros para
parece pero poca pocas poco pocos podemos poder podria podrian poner por porque primero pronto propia propio
pudo pueda puede pueden puedo pues que quien quienes quiere quiero quisiera quiza quizas se sea sean segun
ser sera seran seria si sido siempre siendo sin sino so sobre sola solamente solo somos son soy su sus suya
suyo tal tales tambien tampoco tan tanta tantas tanto tantos te tendria tenemos tener tengan tengo tenia ti
tiene tienen toda todas todavia todo todos tras tu tus tuve tuvo u un una unas uno unos usted ustedes va
vamos van varias varios vas veces ver vez vosotras vosotros voy vuestra vuestro y ya yo
"""

_FRENCH = """
a afin ai ainsi alors apres as assez au aucun aucune aujourd'hui auquel aura aurait aussi autant autre
autres aux auxquels avaient avais avait avant avec avez avoir avons ayant beaucoup bien bon bonjour c ca car
ce ceci cela celle celles celui cependant certain certaine certaines certains ces cet cette ceux chaque chez
ci combien comme comment contre d dans de dehors deja depuis des desormais dessous dessus devait devant
devez devoir devons devraient devrait doit doivent donc dont du duquel durant e elle elles en encore enfin
ensuite entre envers es est et etaient etais etait etant ete etes etre eu eux faire fait faites faut fois
font furent fut grace hors ici il ils j jamais je jusqu jusque l la laquelle le lequel les lesquels leur
leurs lors lorsque lui m ma mais malgre me meme memes merci mes mettre mien mieux moi moins mon n ne
neanmoins ni non nos notre notres nous on ont ou oui outre par parce parfois parmi pas pendant peu peut
peuvent peux plus plusieurs plutot pour pourquoi pourraient pourrait pouvez pouvoir pouvons pres presque
puis puisque qu quand que quel quelle quelles quelqu quelque quelques quels qui quoi rien s sa sans sauf se
selon sera seraient serait seront ses si sien soi soient sois soit sommes son sont sous souvent soyez suis
sur surtout t ta tandis tant te tel telle telles tels tes toi ton toujours tous tout toute toutefois toutes
tres trop tu un une unes uns va vais vas vers veut veux voici voila voir vont vos votre voudrais vous
vraiment vu y
"""

_PORTUGUESE = """
a acerca agora ai ainda alem algo alguem algum alguma algumas alguns ali ambas ambos ampla ante antes ao
aonde aos apenas apos aquela aquelas aquele aqueles aquilo as assim ate atraves cada certa certas certo
certos com como contra contudo cujo da dai dao daquela daquele dar das de debaixo dela delas dele deles
demais dentro depois desde dessa dessas desse desses desta destas deste destes deve devem devemos deveria
deveriam devia dia disse disso disto do dos durante e ela elas ele eles em embora enquanto entao entre era
eram eramos es essa essas esse esses esta estamos estao estar estas estava estavam este esteja estes esteve
estive estou eu faz fazem fazer fez fica ficar foi fomos for fora foram fosse fui ha havia hoje isso isto ja
jamais la lhe lhes lo logo longe mais mal mas me mediante menos mesma mesmas mesmo mesmos meu meus mim minha
minhas muita muitas muito muitos na nada nao naquela naquele nas nela nele nem nenhum nenhuma nessa nesse
nesta neste ninguem no nos nossa nossas nosso nossos num numa nunca o obrigado onde os ou outra outras outro
outros para parece pela pelas pelo pelos per perante perto pode podem poder poderia podia pois por porem
porque portanto pouca poucas pouco poucos pra primeiro propria proprio quais qual qualquer quando quanta
quantas quanto quantos quase que quem quer quero sao se seja sejam sem sempre sendo ser sera serao seria seu
seus si sido sim so sob sobre somos sou sua suas tais tal talvez tambem tampouco tanta tanto tao te tem
temos tendo tenha tenho ter teria teu teus ti tido tinha tinham tive toda todas todavia todo todos tu tua
tuas tudo ultimo um uma umas uns vai vamos vao vem vez vezes voce voces vos
"""

_LISTS = {"en": _ENGLISH, "es": _SPANISH, "fr": _FRENCH, "pt": _PORTUGUESE}

LANGUAGES = tuple(_LISTS)


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the stop list of a language.

    Parameters
    ----------
    language : str
        Two-letter code, such as ``"en"``.

    Returns
    -------
    frozenset of str
        Words in lower case without accents; empty for a language without a list.

    Examples
    --------
    >>> "the" in stop_words("en"), "pero" in stop_words("es")
    (True, True)
    >>> stop_words("xx")
    frozenset()
    """
    return frozenset(_LISTS.get(language, "").split())
