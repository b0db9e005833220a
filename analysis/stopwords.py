"""Stop lists: words that carry no subject of their own, by language.

Written for this project, in lower case. Words are looked up as `spelling.plain` writes them, so that comments
typed without accents are served too. A language that is missing here has no list: there, words that occur in
too many comments are dropped instead (see `corpus`).
"""

from __future__ import annotations

from functools import cache

from analysis.spelling import plain

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
a afin ai ainsi alors apres as assez au aucun aucune aujourd aujourd'hui auquel aura aurait aussi autant autre
autres aux auxquels avaient avais avait avant avec avez avoir avons ayant beaucoup bien bon bonjour c ca car
ce ceci cela celle celles celui cependant certain certaine certaines certains ces cet cette ceux chaque chez
ci combien comme comment contre d dans de dehors deja depuis des desormais dessous dessus devait devant
devez devoir devons devraient devrait doit doivent donc dont du duquel durant e elle elles en encore enfin
ensuite entre envers es est et etaient etais etait etant ete etes etre eu eux faire fait faites faut fois
font furent fut grace hors hui ici il ils j jamais je jusqu jusque l la laquelle le lequel les lesquels leur
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

_RUSSIAN = """
а без более больше будем будет будто буду будут бы был была были было быть в вам вами вас ваш ваша ваше
вашего вашей вашем ваши ваших вашу вдруг ведь весь вместо вне во вообще вот все всё всегда всего всей
всем всеми всему всех всю вся всякий вы где да даже делать для до довольно должен должна должно должны
другая другие другим других другого другое другой его ее её ей ему если есть еще ещё ею же за здесь
здравствуйте и из из-за изза или им именно ими иногда их к каждая каждого каждой каждом каждую каждые
каждый кажется как какая какие какого какой каком какую когда кого кому конечно которая которого которое
которой котором которую которые который которым которых кроме кто куда ли либо лишь между менее меньше
меня мне много мог могла могли могу могут моего моей можем может можно мои мой мою моя мы на над надо
нам нами например нас находится наш наша наше нашего нашей нашем наши нашим наших нашу не него нее неё
ней некоторые некоторых нельзя нему нет ни нибудь никогда никто ним ними них ничего но ну нужен нужна
нужно нужны о об обо один одна однако одни одно одного одной одном около он она они оно от ох очень
перед по под пожалуйста пока после потом потому похоже почему почти при про просто против пусть раз с
сам сама самая сами само самое самой самые самый свое своё своего своей своем свои свой своим своих свою
своя сделайте сделать себе себя сегодня сейчас со совсем спасибо стал стало так такая также такие таких
такого такое такой там твой те тебе тебя тем теперь тех то тогда того тоже той только том тому тот ту
тут ты у уж уже хотел хотела хотели хотелось хотим хоть хотя хотят хочется хочу чего чем чему через что
чтоб чтобы чуть эта эти этим этих это этого этой этом этому этот эту я является являются
"""

_ARABIC = """
ابدا أبدا اثناء أجل أحد أحيانا أخرى آخر إذا إذ إذن أريد أرجو أصبح أكثر ألا إلا إلى إليه إليها إلينا أم
أما أمام أن إن أنا أنت أنتم انتم أنك أنكم أننا إننا أنه إنه أنها إنها أنهم إنهم إني أني أنني أو أولا
أولئك أي أية أيضا أين بأن بدون بد بسبب بعد بعض بعضها بعيدا بل بلا بما به بها بهم بين بينما تتم تحت تكون
تلك تم تماما ثم ثمة جدا جميع جميعا جيدا حاليا حتى حسب حول حيث حين حينما خارج خاصة خلال خلف داخل دائما
دون ذات ذلك رغم ربما سوف سواء سوى شكرا شيء شيئا صار ضد ضمن طالما طوال عبر عدا عدم عدة عليك عليكم علينا
عليه عليها عليهم على عن عنا عند عندما عندنا عنه عنها غالبا غير فإن فقط فوق في فيما فيه فيها فيهم قبل قد
قرب قريبا قليل قليلا كان كانت كانوا كأن كثير كثيرا كثيرة كذلك كل كلا كلما كلنا كلها كلهم كم كما كون كي
كيف كيفية لا لأن لأنه لأنها لازم لدى لدي لدينا لديهم لذا لذلك لست لسنا لعل لكم لكن لكنه لكنها لكل لكي
للغاية لم لماذا لما لن لنا له لها لهم لو لولا لي ليت ليس ليست ليسوا ما ماذا مازال متى مثل مثلا مجرد مرة
مع معظم معنا معه معها معهم مما ممكن من منا منذ منه منها منهم مهما نحتاج نحن نحو نريد نرجو نعم نفس نفسه
نفسها نكون هؤلاء هذا هذان هذه هكذا هل هم هما هن هنا هناك هنالك هو هي وراء وفق يا يتم يجب يرجى يكون
يكونوا يكن يكفي يمكن يمكننا يوجد توجد ينبغي احتاج أحتاج تحتاج يحتاج دي ده مش مو عشان علشان اللي الذي
التي الذين اللذين اللاتي اللواتي الآن مافي فضلك عفوا كنا ذا
"""

_HAITIAN = """
a ak ale alos alò anba anko ankò anpil ansanm ant anvan ap apre avan avek avè avèk ba ban bay bezwen bon
bonjou bò byen chak deja depi devan deye dèyè di do dwe e en epi eske èske fe fè fok fòk gen genyen ja
jan janm jis jiska jodi jodia jouk ka kap kapab ke ki kijan kikote kilè kisa kom konbyen konn konnen
konsa kote kòm l la lan le lè li lot lòt lwen m men menm mesi mete mèm mèsi mwen mwens n na nan nap nèt
ni non nou okenn oswa ou oubyen pa pami pandan pap papa pase paske pi piske plis pliske plizyè poko pou
poukisa pral pran pre prè prèske ret rete rive sa san se sel selman sete sèl sèlman si soti sou souple
sòti swa ta tank tankou tanpri te telman tèlman tou toujou toupatou tout toutotan tre trè tro two twò va
vin vini vle vrèman w wap we wè wi y yo yon yonn youn
"""

_VIETNAMESE = """
ai ạ bao bà bằng bạn biết bị bớt bởi các cái cần cả cảm chắc chẳng chỉ chị cho chúng chút chưa chứ con
còn có cô cùng cũng của cứ do dù dưới em giữa gì hay hầu hãy hết hiện hoặc hơi hơn họ ít kể khá khi
khiến không kia là làm lắm lại lên luôn lúc mà mất mấy mãi mình mong mỗi mới mọi một muốn nào này nằm
nên nếu ngay nghĩ ngoài người nhau nhất nhé nhiều nhỉ như nhưng những nó nơi nữa ông ơn ở phải phía qua
quá quý ra rất rằng rồi sao sau sẽ suốt sự ta tất tại thấy theo thêm thế thì thích thôi thường tôi tới
trên trong trước tuy từ từng và vào vẫn vậy về vẻ việc vì với vừa xin xuống đang đâu đây đấy đã đều đến
để đi điều đó được đừng
"""

_KOREAN = """
가장 각 각각 같다 같아요 같은 같습니다 같이 거 거기 건 것 것은 것을 것이 것입니다 게 게다가 경우 계속 곳
그 그것 그건 그냥 그래서 그러나 그러면 그런 그런데 그럼 그렇게 그리고 꼭 나 나는 나도 내 내가 너무
너무나 네 누가 누구 누구나 는 다 다시 다른 대한 대해 대해서 더 더욱 도 되고 되는 되면 되어 된 될 됩니다
두 등 등등 등의 따라 따라서 때 때문 때문에 또 또는 또한 뭐 많고 많다 많습니다 많아요 많은 많이 말 매우
매일 모두 모든 못 못하고 못해요 무슨 무엇 무엇을 및 바랍니다 바로 별로 보다 부탁 부탁드립니다 분 뿐 수
수가 수도 아니다 아니라 아닙니다 아무 아주 안 않고 않는 않다 않습니다 않아요 않은 약간 어느 어디 어디에
어떤 어떻게 언제 언제나 얼마나 없고 없는 없다 없습니다 없어 없어서 없어요 없이 에 여기 여러 역시 오늘 왜
우리 우리가 우리는 우리의 위 위한 위해 위해서 은 을 이 이것 이것은 이게 이런 이렇게 이미 이상 이제 있게
있고 있는 있다 있도록 있습니다 있어 있어서 있어야 있어요 있었으면 있으면 있을 자주 잘 저 저는 저도 저희
저희가 저희는 전 전혀 점 정도 정말 정말로 제 제가 제발 조금 좀 좀더 좋겠다 좋겠습니다 좋겠어요 좋습니다
좋아요 좋은 주는 주세요 주시기 주십시오 중 중에 즉 지금 진짜 참 최대한 특히 하고 하기 하나 하는 하다
하면 하여 하지 하지만 한 한다 할 함께 합니다 항상 해 해야 해요 해주세요 했으면 했습니다 혹은 훨씬 필요
원합니다 싶다 싶습니다 싶어요 감사합니다
"""

_CHINESE = """
的 了 是 在 和 与 與 及 或 也 都 就 还 還 很 太 更 最 不 没 沒 吗 嗎 呢 吧 啊 呀 嘛 我 你 您 他 她 它 这
這 那 哪 之 把 被 让 讓 给 給 从 從 对 對 向 往 但 而 且 并 並 却 卻 又 再 才 只 每 请 請 想 着 著 个 個
些 们 們 什么 什麼 怎么 怎麼 怎样 怎樣 为什么 為什麼 为什麼 哪里 哪裡 我们 我們 你们 你們 他们 他們 她们
她們 它们 它們 咱们 咱們 大家 自己 别人 別人 这个 這個 那个 那個 这些 這些 那些 这里 這裡 这儿 那里 那裡
这样 這樣 那样 那樣 这么 這麼 那么 那麼 因为 因為 所以 但是 可是 不过 不過 然而 如果 要是 虽然 雖然 而且
并且 並且 或者 还是 還是 以及 因此 于是 於是 为了 為了 关于 關於 对于 對於 由于 由於 除了 根据 根據 通过
通過 需要 应该 應該 应当 應當 必须 必須 可以 能够 能夠 可能 希望 想要 觉得 覺得 认为 認為 知道 没有 沒有
不是 不要 不能 不会 不會 不太 不够 不夠 还有 還有 只有 只是 就是 也是 都是 非常 十分 特别 特別 比较 比較
更加 更多 更好 太多 太少 很多 许多 許多 一些 一点 一點 一个 一個 一下 一直 一样 一樣 所有 每个 每個 各个
各個 任何 其他 其它 另外 有些 有的 有时 有時 经常 經常 总是 總是 已经 已經 正在 现在 現在 以前 以后 以後
之前 之后 之後 时候 時候 什么时候 什麼時候 多少 真的 谢谢 謝謝 請問 请问 等等 然后 然後
"""

_KHMER = """
ដែល និង នៅ ក្នុង ជា មាន ការ ដើម្បី របស់ ពី ដោយ សម្រាប់ យើង យើងខ្ញុំ ខ្ញុំ អ្នក គឺ នេះ នោះ ទេ មិន បាន ត្រូវ
ត្រូវការ ត្រូវតែ ច្រើន ច្រើនជាង ណាស់ ហើយ ក៏ តែ ប៉ុន្តែ ឬ ឱ្យ អោយ ឲ្យ ពួក ពួកគេ ពួកយើង គេ គាត់ គួរ គួរតែ ចង់ អាច
សូម ទៅ មក ដល់ ទៀត បន្ថែម ខ្លះ គ្រប់ រាល់ ទាំង ទាំងអស់ ជាមួយ តាម លើ ក្រោម ក្រៅ មុន ក្រោយ ពេល ពេលដែល ប្រសិនបើ បើ
ពីព្រោះ ព្រោះ ដូច ដូចជា ដូច្នេះ អ្វី ណា ហេតុអ្វី យ៉ាង យ៉ាងណា កំពុង នឹង ធ្លាប់ ហើយនិង រវាង ទាំងនេះ ទាំងនោះ មួយ
មួយចំនួន ពិតជា ខ្លាំង ខ្លាំងណាស់ ជាង បំផុត គ្មាន កុំ ចំពោះ អំពី តាំងពី រហូត រហូតដល់ ម្តង ម្ដង ផង ដែរ អរគុណ
ចា៎ះ បាទ ជាច្រើន
"""

_LISTS = {
    "en": _ENGLISH,
    "es": _SPANISH,
    "fr": _FRENCH,
    "pt": _PORTUGUESE,
    "ru": _RUSSIAN,
    "ar": _ARABIC,
    "zh": _CHINESE,
    "vi": _VIETNAMESE,
    "km": _KHMER,
    "ht": _HAITIAN,
    "ko": _KOREAN,
}

LANGUAGES = tuple(_LISTS)
"""The main languages of Philadelphia: those with a stop list."""


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
        Words in the spelling of `spelling.plain`; empty for a language without a list.

    Examples
    --------
    >>> "the" in stop_words("en"), "pero" in stop_words("es"), "который" in stop_words("ru")
    (True, True, False)
    >>> plain("который", "ru") in stop_words("ru")
    True
    >>> stop_words("xx")
    frozenset()
    """
    return frozenset(plain(word, language) for word in _LISTS.get(language, "").split())


_ARABIC_PREFIXES = "وفبلك"


def is_stop_word(word: str, language: str) -> bool:
    """Tell whether a word, in any spelling, is on the stop list of its language.

    Parameters
    ----------
    word : str
        One word in lower case.
    language : str
        Two-letter code.

    Returns
    -------
    bool
        In Arabic also for a listed word with "and", "so", "in", "to" or "as" stuck to it.

    Examples
    --------
    >>> is_stop_word("más", "es"), is_stop_word("وهذا", "ar"), is_stop_word("parque", "es")
    (True, True, False)
    """
    listed, found = stop_words(language), plain(word, language)
    if language == "ar" and len(found) > 2 and found[0] in _ARABIC_PREFIXES and found[1:] in listed:
        return True
    return found in listed
