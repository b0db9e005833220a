"""The language of a comment: given, or guessed from few words, in studies of one language and of many."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.languages import likely, resolve
from analysis.text import fold

SAID = {
    "en": """
More buses on weekends
Fix the potholes on Broad Street
Parking is too expensive downtown
Please plant trees near the school
I feel unsafe walking home at night
Library hours should be longer
Affordable housing for seniors
Trash pickup is late every week
The playground needs new swings
Bike lanes, not parking lots
Why are the street lights always broken?
Clean up the vacant lots
Nobody answers when I call 311
My kids have nowhere to play after school
Lower property taxes for homeowners
We love the farmers market
Speeding cars on my block are dangerous
Bring back the trolley
Job training for young people
Sidewalks blocked by construction
Rats everywhere!
Crossing guards at every corner
More public restrooms in the park
Rents keep going up and wages do not
""",
    "es": """
Más autobuses los fines de semana
Arreglen los baches de la calle Broad
El estacionamiento cuesta demasiado
Siembren árboles cerca de la escuela
No me siento segura al caminar de noche
Que la biblioteca abra más horas
Viviendas económicas para ancianos
La basura se recoge tarde
Columpios nuevos para el parque infantil
Faltan carriles para bicicletas
¿Por qué nunca funcionan los faroles?
Limpieza de terrenos baldíos
Nadie contesta cuando llamo
Mis hijos no tienen donde jugar
Bajar los impuestos a los dueños
Nos encanta el mercado de agricultores
Carros a alta velocidad en mi cuadra
Devuelvan el tranvía
Capacitación laboral para jóvenes
Banquetas bloqueadas por obras
Hay ratas por todas partes
Clases de inglés gratis para inmigrantes
Baños públicos limpios
Las rentas suben y los sueldos no
""",
    "fr": """
Plus de bus le week-end
Réparez les nids-de-poule
Le stationnement coûte trop cher
Plantez des arbres près de l'école
Je ne me sens pas en sécurité la nuit
La bibliothèque devrait ouvrir plus tard le soir
Des logements abordables pour les personnes âgées
Les ordures sont ramassées en retard
L'aire de jeux a besoin de balançoires
Il manque des pistes cyclables
Pourquoi les lampadaires sont-ils toujours cassés ?
Nettoyage des terrains vagues
Personne ne répond au téléphone
Mes enfants n'ont nulle part où jouer
Moins d'impôts pour les propriétaires
Nous adorons le marché paysan
Voitures trop rapides dans ma rue
Rendez-nous le tramway
Formation professionnelle pour les jeunes
Trottoirs bloqués par les travaux
Il y a des rats partout
Cours d'anglais gratuits pour immigrés
Toilettes publiques propres
Les loyers augmentent mais pas les salaires
""",
    "pt": """
Mais ônibus nos fins de semana
Consertem os buracos da rua
O estacionamento custa muito caro
Plantem árvores perto da escola
Não me sinto segura andando à noite
A biblioteca devia abrir mais horas
Moradia acessível para idosos
O lixo é recolhido com atraso
O parquinho precisa de balanços novos
Faltam ciclovias no bairro
Por que os postes de luz vivem quebrados?
Limpeza dos terrenos baldios
Ninguém atende o telefone
Meus filhos não têm onde brincar
Menos impostos para os proprietários
Adoramos a feira de agricultores
Carros em alta velocidade na minha rua
Tragam de volta o bonde
Cursos profissionais para jovens
Calçadas bloqueadas por obras
Há ratos em todo lugar
Aulas de inglês gratuitas para imigrantes
Banheiros públicos limpos
Os aluguéis sobem e os salários não
""",
    "ru": """
Больше автобусов по выходным
Почините ямы на дороге
Парковка стоит слишком дорого
Посадите деревья возле школы
Страшно ходить домой ночью
Библиотека должна работать дольше
Доступное жильё для пожилых
Мусор вывозят с опозданием
На площадке нужны новые качели
Не хватает велодорожек
Почему фонари всегда сломаны?
Уберите пустыри
Никто не отвечает на звонки
Моим детям негде играть
Снизьте налог на жильё
Нам нравится фермерский рынок
Машины ездят слишком быстро
Верните трамвай
Курсы для молодёжи
Тротуары перекрыты стройкой
Крысы повсюду
Бесплатные уроки английского
""",
    "ar": """
نريد حافلات أكثر في نهاية الأسبوع
أصلحوا الحفر في الشارع
موقف السيارات غالي جدا
ازرعوا الأشجار قرب المدرسة
لا أشعر بالأمان في الليل
يجب أن تفتح المكتبة ساعات أطول
سكن بأسعار معقولة لكبار السن
جمع القمامة يتأخر كل أسبوع
الملعب يحتاج إلى أراجيح جديدة
لا توجد ممرات للدراجات
لماذا أضواء الشارع معطلة دائما؟
نظفوا الأراضي المهجورة
لا أحد يرد على الهاتف
أطفالي ليس لديهم مكان للعب
خفضوا الضرائب العقارية
نحب سوق المزارعين
السيارات تسير بسرعة خطيرة
أعيدوا الترام
تدريب مهني للشباب
الأرصفة مغلقة بسبب البناء
الفئران في كل مكان
دروس مجانية في اللغة الإنجليزية
""",
    "zh": """
周末多开几班公交车
请修好路上的坑
停车费太贵了
学校附近多种树
晚上走路不安全
图书馆开放时间应该更长
老人需要便宜的住房
垃圾每周都收得很晚
游乐场需要新秋千
自行车道太少
为什么路灯总是坏的？
清理空地
打电话没有人接
孩子放学后没地方玩
降低房产税
我们喜欢农夫市场
車開得太快很危險
恢復電車
青年職業培訓
人行道被工地堵住
到处都是老鼠
免费英语课
希望SEPTA地铁更干净
""",
    "vi": """
Thêm xe buýt vào cuối tuần
Hãy sửa ổ gà trên đường
Chỗ đậu xe quá đắt
Trồng cây gần trường học
Tôi thấy không an toàn khi đi bộ ban đêm
Thư viện nên mở cửa lâu hơn
Nhà ở giá rẻ cho người già
Rác được thu gom trễ mỗi tuần
Sân chơi cần xích đu mới
Thiếu làn đường xe đạp
Tại sao đèn đường luôn bị hỏng?
Dọn sạch các lô đất trống
Không ai trả lời điện thoại
Con tôi không có chỗ chơi
Giảm thuế nhà đất
Chúng tôi thích chợ nông sản
Xe chạy quá nhanh rất nguy hiểm
Đưa xe điện trở lại
Đào tạo nghề cho thanh niên
Vỉa hè bị chặn vì xây dựng
Chuột ở khắp nơi
Lớp tiếng Anh miễn phí
""",
    "km": """
សូមបន្ថែមរថយន្តក្រុងនៅចុងសប្តាហ៍
សូមជួសជុលរន្ធនៅលើផ្លូវ
កន្លែងចតឡានថ្លៃពេក
ដាំដើមឈើនៅជិតសាលារៀន
ខ្ញុំមិនមានសុវត្ថិភាពពេលយប់
បណ្ណាល័យគួរបើកយូរជាងនេះ
ផ្ទះតម្លៃសមរម្យសម្រាប់មនុស្សចាស់
សំរាមត្រូវបានប្រមូលយឺត
សួនកុមារត្រូវការទោងថ្មី
មិនមានផ្លូវកង់គ្រប់គ្រាន់
ហេតុអ្វីភ្លើងផ្លូវខូចជានិច្ច
សម្អាតដីទំនេរ
គ្មាននរណាលើកទូរស័ព្ទ
កូនខ្ញុំគ្មានកន្លែងលេង
បញ្ចុះពន្ធផ្ទះ
យើងចូលចិត្តផ្សារកសិករ
ឡានបើកលឿនពេក
បណ្តុះបណ្តាលការងារសម្រាប់យុវជន
ចិញ្ចើមផ្លូវត្រូវបានបិទ
មានកណ្តុរនៅគ្រប់ទីកន្លែង
ថ្នាក់ភាសាអង់គ្លេសឥតគិតថ្លៃ
""",
    "ht": """
Plis bis nan wikenn
Ranje twou ki nan lari a
Pakin nan twò chè
Plante pyebwa toupre lekòl la
Mwen pa santi m an sekirite lè mwen mache lannwit
Bibliyotèk la ta dwe louvri pi lontan
Kay bon mache pou granmoun aje
Yo ranmase fatra an reta chak semèn
Timoun yo bezwen yon plas pou jwe
Pa gen ase wout pou bisiklèt
Poukisa limyè lari yo toujou kase?
Netwaye teren vid yo
Pèsonn pa reponn telefòn nan
Pitit mwen pa gen kote pou yo jwe
Bese taks sou kay
Nou renmen mache kiltivatè yo
Machin yo ap kouri twò vit
Remete tranmwe a
Fòmasyon travay pou jèn yo
Twotwa a bloke akòz konstriksyon
Gen rat toupatou
Kou angle gratis pou imigran
Lwaye a ap monte men salè yo pa monte
Nou bezwen dlo pwòp ak plis lopital
""",
    "ko": """
주말에 버스를 더 늘려 주세요
도로의 구멍을 고쳐 주세요
주차비가 너무 비쌉니다
학교 근처에 나무를 심어 주세요
밤에 걸어가면 무서워요
도서관이 더 오래 열었으면 좋겠습니다
노인을 위한 저렴한 주택
쓰레기 수거가 매주 늦습니다
놀이터에 새 그네가 필요합니다
자전거 도로가 부족해요
가로등이 왜 항상 고장인가요?
빈 땅을 청소해 주세요
전화를 아무도 받지 않습니다
아이들이 놀 곳이 없어요
재산세를 낮춰 주세요
우리는 농산물 시장을 좋아합니다
차들이 너무 빨리 달려요
전차를 다시 운행해 주세요
청년 직업 교육
공사 때문에 인도가 막혔어요
쥐가 너무 많아요
무료 영어 수업
""",
}
"""What residents might say, by language; written for this test."""
SENTENCES = {language: said.strip().splitlines() for language, said in SAID.items()}
ENGLISH = [
    "The bus is never on time and we need more of them",
    "Fix the streets in our part of the city",
] * 50

ELSEWHERE = {
    "de": """
Mehr Busse am Wochenende in der Stadt
Die Straßen sind nachts zu dunkel
Wir brauchen am Wochenende mehr Busse, weil die Leute sonst nicht zur Arbeit kommen
""",
    "it": """
Le strade sono troppo buie di notte
Mancano piste ciclabili nel quartiere
Abbiamo bisogno di più autobus nel fine settimana perché la gente non può andare al lavoro
""",
    "nl": """
Meer bussen in het weekend
De straten zijn te donker in de nacht
Wij willen meer bomen in het park
""",
    "und": """
Więcej autobusów w weekendy
Sokak lambaları çok karanlık ve kırık
Kailangan namin ng mas maraming bus tuwing Sabado
Tafadhali ongezeni mabasi mwishoni mwa wiki
Duam më shumë autobusë në fundjavë
週末のバスを増やしてください
Більше автобусів у вихідні, бо їх не вистачає
अधिक बसें चाहिए सप्ताहांत में
ما به اتوبوس‌های بیشتری نیاز داریم
ہمیں مزید بسوں کی ضرورت ہے
Θέλουμε περισσότερα λεωφορεία
""",
}


def alone(text: str) -> str:
    return resolve([text], [None])[0]


def among(text: str, others: list[str]) -> str:
    return resolve([*others, text], [None] * (len(others) + 1))[-1]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_short_comment_on_its_own(language: str) -> None:
    said = SENTENCES[language]
    assert len(said) > 20
    assert sum(alone(text) == language for text in said) >= 0.95 * len(said)


@pytest.mark.parametrize("language", ["es", "fr", "pt", "ht"])
def test_a_comment_typed_without_accents_or_in_capitals(language: str) -> None:
    said = SENTENCES[language]
    assert sum(alone(fold(text)) == language for text in said) >= 0.9 * len(said)
    assert sum(alone(text.upper()) == language for text in said) >= 0.9 * len(said)


def test_a_mixed_study() -> None:
    rows = [(text, language) for language, said in SENTENCES.items() for text in said]
    random.Random(1).shuffle(rows)
    found = resolve([text for text, _ in rows], [None] * len(rows))
    wrong = [(row, language) for row, language in zip(rows, found, strict=True) if row[1] != language]
    assert len(wrong) <= 0.02 * len(rows), wrong


@pytest.mark.parametrize("language", SENTENCES)
def test_one_comment_among_english_ones(language: str) -> None:
    said = SENTENCES[language]
    assert sum(among(text, ENGLISH) == language for text in said) >= 0.9 * len(said)


@pytest.mark.parametrize("language", SENTENCES)
def test_one_english_comment_among_others(language: str) -> None:
    english = SENTENCES["en"]
    assert sum(among(text, SENTENCES[language]) == "en" for text in english) >= 0.9 * len(english)


@pytest.mark.parametrize("language", ELSEWHERE)
def test_languages_without_a_stop_list_are_not_taken_for_one_with(language: str) -> None:
    for text in ELSEWHERE[language].strip().splitlines():
        assert alone(text) == language, text
        assert among(text, ENGLISH) == language, text


@pytest.mark.parametrize(
    "odd",
    [
        "x",
        "lol",
        "ok",
        "n/a",
        "metro",
        "SEPTA",
        "Kensington",
        "tacos",
        "no",
        "Broad & Olney",
        "in de",
        "hmm hmm",
    ]
    + ["12 34", "😀", "", "http://city.gov/es/de/la", "asdf", "more bus pls", "bike lane", "Siii, jaja."],
)
def test_odd_rows_do_not_scatter_an_english_study(odd: str) -> None:
    assert among(odd, ENGLISH) == "en"


def test_a_study_of_single_words() -> None:
    english = ["bus", "parking", "trash", "bike lanes", "more trees", "safety", "transit", "love", "crime"]
    assert set(resolve(english, [None] * 9)) == {"en"}
    spanish = ["basura", "parques", "limpieza", "más árboles", "ruido", "ratas", "seguridad"]
    assert set(resolve(spanish, [None] * 7)) == {"es"}


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("The bus is never on time and nobody tells us why", ["en"]),
        ("Queremos más árboles en las plazas del barrio", ["es"]),
        ("Il faudrait plus de pistes cyclables dans le quartier", ["fr"]),
        ("Nou bezwen plis limyè nan katye a pou timoun yo", ["ht"]),
        ("Нужно больше автобусов", ["ru"]),
        ("نحتاج إلى المزيد من الحافلات", ["ar"]),
        ("我们需要更多的公交车", ["zh"]),
        ("公車 SEPTA 太慢", ["zh"]),
        ("Bus 23 ở đường Broad trễ quá", ["vi"]),
        (unicodedata.normalize("NFD", "Chúng tôi cần công viên"), ["vi"]),
        ("Thang máy hỏng", ["vi"]),
        ("We love Phở 75 on Washington Avenue and the people there", ["en"]),
        ("I love the 中国城 gate on 10th and the food there", ["en"]),
        ("parking", []),
        ("12 34 !!", []),
        ("😀😀", []),
    ],
)
def test_likely(text: str, languages: list[str]) -> None:
    assert likely(text) == languages


def test_what_is_given_counts() -> None:
    tags = ["en-GB", "pt_BR", "zh-Hant", "hat", "SPA", "nb", "tr"]
    assert resolve(["Los autobuses"] * 7, tags) == ["en", "pt", "zh", "ht", "es", "no", "tr"]
    assert resolve(["Los autobuses son lentos"] * 3, ["und", "", "  "]) == ["es"] * 3
    assert resolve(["parque", *["x y z"] * 5], [None, *["es"] * 5])[0] == "es"
    assert resolve([], []) == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(sum(SENTENCES.values(), [])) | st.text(max_size=30), max_size=12), st.randoms()
)
def test_order_does_not_matter(texts: list[str], shuffled: random.Random) -> None:
    before = dict(zip(texts, resolve(texts, [None] * len(texts)), strict=True))
    again = sorted(texts, key=lambda _: shuffled.random())
    assert dict(zip(again, resolve(again, [None] * len(again)), strict=True)) == before


def test_the_hash_seed_does_not_matter_and_the_library_waits_until_needed() -> None:
    texts = ["parques e ruas", "no metro", "la la", "Faltan carriles", "a o e", "Más parques", "plus de bus"]
    code = (
        "import sys; from analysis.languages import resolve; print('py3langid' in sys.modules);"
        f"t = {texts!r}; print(resolve(t, [None] * 7), [resolve([x], [None]) for x in t])"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    here = [resolve(texts, [None] * 7), [resolve([text], [None]) for text in texts]]
    assert done.stdout.split("\n")[:2] == ["False", " ".join(map(str, here))], done.stderr


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis import languages

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    languages._library.cache_clear()
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert alone("Faltan carriles para bicicletas") == "es"


@pytest.mark.parametrize(
    "noise",
    ["x" * 200_000, "а" * 200_000, "a@" * 8000, "(" * 5000, "a-" * 50_000, "😀" * 50_000, "\ud800" * 1000]
    + [
        "公" * 100_000,
        "ក្" * 50_000,
        "the of and " * 10_000,
        "\u202eمرحبا hello \u200f" * 5_000,
        "\u0301" * 50_000,
    ],
)
def test_noise_is_read_in_no_time(noise: str) -> None:
    alone("warm up the library")
    start = time.process_time()
    likely(noise)
    among(noise, ENGLISH)
    assert time.process_time() - start < 0.5


def test_right_to_left_text_with_latin_names() -> None:
    assert alone("حافلة SEPTA رقم 23 متأخرة دائما") == "ar"
    assert alone("The shop مخبز on 5th street is closed and we miss it") == "en"


def test_a_study_stays_whole_when_one_more_comment_comes() -> None:
    texts = [*SENTENCES["en"], *SENTENCES["es"]]
    before = resolve(texts, [None] * len(texts))
    after = resolve([*texts, "x"], [None] * (len(texts) + 1))
    assert after[:-1] == before
    assert Counter(before) == {"en": 24, "es": 24}
