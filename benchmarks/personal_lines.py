"""Four hundred lines as residents might write them, all invented: 300 with personal data, 100 with none.

`{kind:datum}` marks a datum, as in "call {phone:215-555-0123}"; ⏎ stands for a new line. Telephone numbers
are of exchange 555, of ranges kept for fiction or plain sequences; domains end in example.org and the like or
belong to large services; cards are those that banks publish for tests; SSNs are void, kept for advertising
or never issued.
"""

from __future__ import annotations

DATA = """\
Please write to me at {email:jane.doe@example.org}.
my email is {email:jdoe1984@gmail.com} if you need more details
Contact: {email:maria_lopez@example.com}, she runs the block club
Correo: {email:jose.ramirez@ejemplo.example.es}
Send the minutes to <{email:b.o'neil+city@example.net}>, thanks
{email:TANYA.W@EXAMPLE.ORG} is the best way to reach me
You can reach the block captain ({email:captain-5th@example.org}) any evening
email me: {email:janedoe@gmail.com}; I check it daily
mailto:{email:rick@example.org} for the petition
I never got an answer. {email:first.last@mail.example.co.uk}
{email:jane dot doe at gmail dot com}
My address is {email:jane.doe(at)gmail.com}, no spam please
reach me: {email:jdoe [at] example [dot] org}
write to {email:tom AT example DOT com}
e-mail {email:k.nguyen at yahoo.com} with the date
mi correo es {email:lucia punto perez arroba gmail punto com}
Escríbame a {email:carlos.m arroba example.com}
My e-mail is {email:sam underscore smith at hotmail dot com}
contact me at {email:pat <at> example <dot> net} please
it's {email:jane @ example.org} with no capital letters
Both {email:a@example.org} and {email:b@example.org} are ours
Please add "{email:lee.chan@example.edu}" to the list
I'm happy to help! {email:volunteer99@example.io}!
Any updates?{email:desk.7@example.us}
our group's mail is {email:friends-of-park@example.org}
(email {email:ms.jones@example.org}, phone {phone:215-555-0110})
Reply to {email:jane@example.org} or {phone:(267) 555-0144}.
email {email:joe_99@aol.com}⏎phone {phone:610-555-0177}
Write me at {email:peter.pan at outlook dot com} or text {phone:484.555.0199}
Pueden escribir a {email:rosa@ejemplo.org}, gracias
Mon courriel est {email:marie.dupont@exemple.fr}
Meu e-mail: {email:joao.silva@exemplo.com.br}
我的邮箱是{email:li.wei@example.cn}，谢谢
Моя почта {email:ivan.petrov@example.ru}
{email:1234567@example.org} (that is my student address)
Email:{email:rlee@library.example.gov}
cc {email:d.brown@example.org},{email:e.green@example.org}
bus stop complaints: {email:x.y.z@sub.domain.example.org}?
my gmail is {email:grandmaof5@gmail.com} :)
{email:hello@janes-bakery.example.com} is the shop's address
You may e-mail me at {email:r.white@example.org}...
Email — {email:noah_k@proton.me} — any time
the coach is {email:coach.d@example.org}/his phone is {phone:215-555-0161}
I use {email:anna-lena@example.de} for city things
contact {email:tenant.union(at)example(dot)org}
Call me at {phone:215-555-0123}
My number is {phone:(215) 555-0123}, call after six
{phone:(215) 555 0123 ext. 4}
Phone: {phone:215.555.0123}
cell {phone:+1 215 555 0123}
{phone:2155550123} is my phone
call me at {phone:555-0123}
UK mobile {phone:+44 7700 900123}
My sister in London: {phone:+44 20 7946 0958}
text me {phone:267 555 0187} anytime
{phone:1-215-555-0123} between 9 and 5
Tel. {phone:1 (610) 555-0133}
reach us on {phone:+1-484-555-0109}
It is {phone:(445)555-0150}.
fax {phone:215/555-0188}
Mi teléfono es {phone:787-555-0142}
Llámeme al {phone:(787) 555-0142}, por favor
mi celular: {phone:215 555 0166}
WhatsApp {phone:+52 55 1234 5678}
Mi número en México es {phone:+52 1 33 1234 5678}
Llamar al {phone:2675550119} por la tarde
Please call {phone:215-555-0123 x12} about the tree
office {phone:215-555-0123, ext 45}
{phone:215-555-0123 extension 9} is the church office
The sitter ({phone:610.555.0198}) saw it
my landlord's number, {phone:215-555-0135}, is always busy
Call {phone:215-555-0101} or {phone:215-555-0102}
call {phone:555-0155}, ask for the super
Telephone {phone:215–555–0123} evenings only
home {phone:215-555-0140} / work {phone:215-555-0141}
I called from {phone:12155550123} three times
+ my cell is {phone:+12155550190}
{phone:215 - 555 - 0123}
Phone number:{phone:(215)555-0127}
Someone at {phone:302-555-0111} keeps calling
nobody answers {phone:(856) 555.0118}
Номер телефона {phone:215-555-0192}
电话{phone:215-555-0193}
هاتف {phone:٢١٥-٥٥٥-٠١٢٣}
Mon téléphone: {phone:+33 6 12 34 56 78}
call {phone:0044 20 7946 0999} if I am abroad
my mother in Bogotá, {phone:+57 601 555 0123}, sends regards
Dial {phone:011 44 20 7946 0321} for my brother
text STOP to {phone:215-555-0184}!
The number is {phone:267-555-0129}?
cell:{phone:2155550147}
You can text {phone:610-555-0131}; no voicemail please
my phone {phone:(215)-555-0162} is off at night
{phone:484-555-0120} (leave a message)
"{phone:717-555-0169}" is on the sign
ring me: {phone:+353 1 555 0123}
I gave them {phone:215 555-0173} and heard nothing
phone two one five? No: {phone:215.555.0148}.
Landline {phone:555 0164}
call my mom {phone:814-555-0170} she knows
Please call me back. {phone:215-555-0158}
our crossing guard's cell is {phone:215-555-0186}, she is great
Phone me on {phone:123-456-7890}
mi mamá vive en Ponce, tel. {phone:(939) 555-0115}
for interpreters call {phone:1-800-555-0199}
Número: {phone:555-0128}
call me ({phone:215-555-0151}) or my wife ({phone:215-555-0152})
{phone:two one five five five five zero one two three}
ph# {phone:215-555-0196}
you can reach me 24/7 at {phone:267.555.0103}
{phone:(215) 555-0123 #22} is the desk upstairs
My SSN is {ssn:123-45-6789}
They asked for my social security number, {ssn:987-65-4321}, on the form
SSN {ssn:123456789}
social security: {ssn:123 45 6789}
soc sec # {ssn:078-05-1120}
my social is {ssn:219 09 9999} and it was on the letter
Mi número de seguro social es {ssn:987-65-4328}
seguro social {ssn:219099999}
SSN: {ssn:078.05.1120}
the clerk read out {ssn:987-65-4320} in front of everyone
SS# {ssn:000-12-3456}
last four of my social: {ssn:6789}
the last 4 of my SSN is {ssn:4321}
My SSN ends in {ssn:1120}
{ssn:xxx-xx-6789} was printed on the envelope
ITIN {ssn:912-70-1234}
Social Security No. {ssn:987–65–4321}
I had to give my social ({ssn:987-65-4322}) to get a library card
SSN={ssn:987654320}
social security # is {ssn:987 65 4323}.
My name and {ssn:987-65-4324} were both on the website!
su seguro social: {ssn:987 65 4325}
the form showed {ssn:666-12-3456}, phone {phone:215-555-0104}
tax ID {ssn:987-65-4326}
Please delete {ssn:987-65-4327} from my file
My card is {card:4111 1111 1111 1111}
I paid with {card:4111111111111111} and never got the sticker
card number {card:5555-5555-5555-4444}
Amex {card:3782 822463 10005}
{card:378282246310005} exp 04/27
was charged twice on {card:6011 1111 1111 1117}
Visa {card:4012-8888-8888-1881}, please refund
mi tarjeta es {card:5105105105105100}
tarjeta {card:4222222222222} del banco
debit card: {card:4242 4242 4242 4242}
The kiosk kept {card:3056 930902 5904}
charge it to {card:3530111333300000}
old card {card:38520000023237}
My mastercard {card:2223 0031 2200 3222} was declined
{card:4000 0566 5566 5556}; CVV on request
card no. {card:6011-0009-9013-9424}.
Why does the meter want {card:4111–1111–1111–1111}?
I used {card:5425 2334 3010 9903} at the parking kiosk
numero de tarjeta {card:4917 6100 0000 0000}
({card:4444333322221111})
refund to {card:3714 496353 98431}, thank you
{card:6304 0000 0000 0000} from my bank at home
Card: {card:5555555555554444}/12-26
my card ending in {card:4242} was charged
visa ending {card:1881}
I live at {address:1234 N. Broad St., Apt 2B, Philadelphia, PA 19107}.
{address:1500 Market Street} has no ramp
My address is {address:22 Elm}
send it to {address:PO Box 123}
{address:P.O. Box 4567, Philadelphia, PA 19101-4567}
I'm at {address:45 W. 12th Street}
{address:123 Main St} floods when it rains
The house at {address:5021 Baltimore Ave} is empty
{address:2200 N 5th St, Philadelphia PA} needs a street light
we live at {address:810 South Fifth Street, 3rd floor}
i live at {address:1234 n broad st}
my address: {address:77 oak lane apt 4}
{address:600 Chestnut St #12}
Vivo en {address:calle 5 #123}
Mi dirección es {address:Avenida Lehigh 245}
Vivimos en la {address:Calle Luna 12, Apto 3}
{address:Av. de la Constitución núm. 8}
{address:Calle Sol #45, San Juan, PR 00901}
Vivo en el {address:1425 de la calle Diamond}
{address:Apartado 1234, Ponce, PR 00732}
The tree at {address:1801 E. Passyunk Avenue} fell
someone dumps tires behind {address:3456 Kensington Ave}.
{address:901 Spring Garden Street, Unit 5C, Philadelphia, Pennsylvania 19123} is my mailing address
our shop, {address:1020 South Street}, was broken into
light out in front of {address:418 Pine Ct}
We moved to {address:9 Willow Way} last year
at {address:100-102 Arch Street} there is a hole
{address:12 1/2 Maple Ave} is a twin
{address:350 Broadway} needs a bench
{address:4500 City Ave, Apt. 1201}
{address:1 Franklin Town Blvd} is where I live
Address: {address:742 Evergreen Terrace}
{address:15 St. James Place}: no heat for two weeks
{address:2301 Ben Franklin Pkwy, Philadelphia, PA 19130}
I rent at {address:67 Martin Luther King Jr. Drive}
{address:8800 Roosevelt Blvd, Rm 12}
{address:5 Rittenhouse Sq} gets all the services
{address:1313 Mockingbird Ln, Philadelphia}
{address:312 W Girard Ave, Floor 2}
my mother lives at {address:26 Cedar Rd}.
{address:7200 Frankford Ave⏎Philadelphia, PA 19135}
{address:999 Vine St., Suite 400}, if you need to send something
{address:Apt 3, 212 Walnut Street}
Please fix the sidewalk by {address:2424 E York St}!
{address:123 Main Street NW, Washington, DC 20001}
{address:55 E 10th Ave} has rats
{address:1700 JFK Blvd}
the water main in front of {address:2913 Ogden St} broke again
our address is {address:300 Oxford Circle}
My son (who lives at {address:61 Locust St}) agrees
{address:RR 2 Box 45}
{address:4821 Old York Road} has been vacant for years
{address:1010 Race St} is noisy. It never stops.
i stay at {address:5600 chew ave}
we're at {address:1234 N Broad} since 1999
{address:72 rue de la Paix} à Paris, avant
{address:Rua das Flores, 123} era a nossa casa
My grandmother in Berlin, {address:Hauptstraße 12}, has better buses
Residents of {address:2100 Chestnut Street} want a bench
mail to {address:19 Hillside Dr, Upper Darby, PA 19082}
{address:88 Lombard St - rear} is where the trash piles up
I've lived at {address:1522 S. 8th St} for 30 years
Trash at {address:1648 Tasker Street} every Monday
住在{address:1234 Race St}
home is {address:41B Green Lane}
The lot next to {address:3322 Emerald St} is a dump
Dirección: {address:Carrera 7 # 45-12}
{address:5101 Wissahickon Avenue, Philadelphia, Pa. 19144} (corner house)
mi casa está en {address:2743 N. Howard St}
{address:640 Waterworks Drive} and {address:642 Waterworks Drive} both flood
{address:212 Columbus Blvd} {phone:215-555-0106}
I own {address:1927 Point Breeze Avenue} and pay taxes
{url:linkedin.com/in/jane-doe}
see {url:https://www.linkedin.com/in/jane-doe-12345/}
{url:facebook.com/jane.doe} has the photos
My page: {url:https://www.facebook.com/jane.doe.75}
{url:https://example.com/~jdoe}
photos at {url:http://www.example.edu/~jane/street.html}.
{url:twitter.com/janedoe}
{url:https://x.com/jane_doe/status/1234567890}
({url:instagram.com/jane.doe99})
my channel {url:https://www.youtube.com/@janedoe}
{url:https://github.com/jdoe}
{url:https://www.tiktok.com/@jane.doe?lang=en}
read {url:https://medium.com/@janedoe/my-street-123}
{url:https://example.org/people/jane-doe}
{url:https://example.org/staff/john-smith}, he knows
{url:https://example.org/users/jdoe22}
profile: {url:https://example.org/profile/maria.lopez}
{url:https://example.org/blog/jane-doe}
{url:www.jane-doe.com}
{url:https://janedoe.wordpress.com/2024/my-block}
{url:t.me/janedoe}
pay me at {url:venmo.com/u/Jane-Doe-5} or {url:paypal.me/janedoe}
{url:https://reddit.com/user/janedoe} wrote about it
{url:https://example.org/search?name=Jane+Doe}
{url:https://nextdoor.com/profile/01abcDEF}
mi página es {url:facebook.com/rosa.martinez}
{url:https://bsky.app/profile/janedoe.example.org}
{url:https://john-smith.example.net/}
{url:https://m.facebook.com/profile.php?id=100001234567890}
{url:https://linktr.ee/janedoe}!
follow me {handle:@janedoe}
{handle:@jane_doe99} posted a video
My Instagram is {handle:@jane.doe}.
({handle:@j_doe})
IG: {handle:jane_doe99}
twitter: {handle:@johnsmith42}
DM {handle:@maria.lopez.22} for the flyer
my facebook is {handle:jane.doe.52}
Snapchat: {handle:janey2005}
find me on Instagram as {handle:rosita_m}
mi instagram es {handle:@rosita.m}
{handle:@tanya_k} and {handle:@bobby.g} filmed it
{handle:@jane@mastodon.example} on Mastodon
Telegram {handle:@ivan_petrov}
thanks to {handle:@sk8rkid}!
tiktok {handle:@dancing_dee}
My name is {name:Jane Doe} and I live here
Me llamo {name:María López}
I'm {name:John Smith} from the block club
Officer {name:Johnson} was very kind
Mr. {name:Smith} next door never shovels
Councilmember {name:Gym} came to our meeting
La Sra. {name:López} cuida la esquina
Thanks, {name:Bob}
- {name:Jane}
Dr. {name:Patel} at the clinic helped us
mi nombre es {name:José Ramírez}, tel {phone:215-555-0137}
Ask {name:Michael Brown} about the key
Sincerely,⏎{name:Tanya Williams}
{name:Robert Jones} parks on the sidewalk every day
this is {name:Linda}, call {phone:215-555-0138}
{name:Jennifer Davis}, {address:1425 Wharton St}, {email:jdavis@example.org}
I am {name:Carmen Rodriguez}, {phone:(215) 555-0139}
my neighbor {name:Kevin} fixed the fence himself
Contact {name:Luis Torres} at {email:luis@example.org} instead
Saludos, {name:Ana García}
Name: {name:David Lee} Phone: {phone:215-555-0149} SSN: {ssn:987-65-4329}
"""

TRAPS = """\
Permit ZP-2023-001234 was approved
permit 2155550123 is still pending
Case 2024-CV-01234 was closed without a word
docket CP-51-CR-0001234-2024
ZIP 19107 needs more trees
our zip+4 is 19107-1234
Philadelphia, PA 19107 deserves better
Route 23 should come back as a trolley
I-95 is too loud and US-1 is worse
the 47 bus never comes
bus 47 Market Street is always late
the 1500 block of Market Street has no trees
the repair cost $1,234.56
fees of $215-$555 are too high
Bill No. 210553 should pass
HB 1234 and SB 555 are both bad
S. 2155 is in the Senate
from 2019-2024 nothing happened
2018-2019-2020 were the worst winters
open 9:00-17:30, not 24/7
on 12-25-2024 the bus did not run
12/25/2024 was a bad day
we lost 21-14 and the lights went out
version 2.15.555 of the app crashes
app version 215.555.0123 crashes too
tracking number 9400 1000 0000 0000 0000 00
invoice 2155550199 was paid twice
order 4111111111111112 never arrived
order number 1234567890123456 is lost
the server at 192.168.1.10 is down
call 311 and they hang up
I dialed 911 twice
988 and 211 should be on every bus
10 x 12 ft is too small for a park
39.9526, -75.1652 is where the hole is
Section 14-304(5) of the code
5 Main issues: trash, noise, parking, rats, lights
100 people Street fairs are fun
3 Avenue stations need elevators
Broad and Market is dangerous
15th & Market Streets flood
meet at 5th and Tasker
the corner of 22nd and Walnut Street
see https://phila.gov/services
https://www.phila.gov/departments/streets/ is out of date
visit www.example.org for details
sign up at eventbrite.com
look at septa.org and you will see
https://www.facebook.com/groups/123456789
https://twitter.com/search?q=potholes
https://www.youtube.com/watch?v=abc123DEF45
linkedin.com/company/example
meet @ 5pm at the rec center
lunch @noon and dinner @home
4 lane road with no crosswalk
a 2 way street would help
30 mph on a residential street is too fast
10 Chestnut Street shops closed in 2023
in 2023 Market Street was repaved
the 2019 Broad Street plan was good
Ward 5 Broad Street is ignored
over 100 Market Street businesses signed
20 South Philly residents came
1-2-3, that is how easy it should be
tax parcel 88-1234567
account number 123-456-7890
Ticket #2155550123 is still open
service request 16543210 was closed
ISBN 978-0-306-40615-7
census tract 42101-0369
EIN 12-3456789
the budget is 2,155,550,123 dollars
5,000-10,000 trees a year
population 1603797 in 2020
PHL flight 1234 was late
Room 215 at 10:30
grades 6-8, ages 11-14
score 98.6 out of 100
between 1200 and 1300 Market Street
Ordinance 190614-A
chapter 9-3900 of the Philadelphia Code
library card 21234001234567
the 15 trolley to 63rd-Girard
La ruta 23 y el autobús 47 no pasan
la calle 5 está llena de basura
en la Avenida Lehigh hay 20 baches
la Ley 215 de 2019
el permiso 2155550123 no sirve
trabajan de 8 a 5, 24/7 no
Exit 23 Girard Avenue ramp is scary
Question 3: more bike lanes on Spruce Street
12 new trees on Pine Street
the 5 minute walk to the park
1/2 of us drive, 3/4 would rather not
it takes 20-30 minutes on Broad Street
Class of 1985, go Central High
it was 95 degrees at 3 in the afternoon
around 5 Broad Street gets crowded
serial number 4111-1111-1111-1112
I was number 215 in line, 555 people waited
"""

ORDINARY = """\
The bus is late every morning and nobody tells us why. Put up signs that work.
Please plant more trees on our block. The summers are getting hotter and there is no shade at the stop.
I love the library, but it closes too early. Staff are kind and the children's room is always full of life.
More police on foot, fewer in cars. People want to know the officers by name.
Fix the potholes on Broad Street before winter, and paint the crosswalks near the school.
I have lived here for 30 years and the trash pickup has never been worse than it is now.
Why does the online permit form ask the same question 3 times? It took me 2 hours and then it crashed.
Queremos más árboles en las plazas y que los autobuses pasen a tiempo los domingos.
The recreation center needs heat. Our kids play basketball in coats from December to March.
Free wi-fi in parks would help people who look for work and have no computer at home. My phone is too small.
Rents are too high. Young families leave the city, and the shops on the avenue close one after the other.
Street lights are out from 5th to 9th, it is not safe to walk home at night!
311 is great when it works. I wish someone would call back and say what was done about the complaint.
Bike lanes that end in the middle of nowhere are worse than none at all.
Los vecinos necesitan más información en español sobre las reuniones del barrio.
City websites should be easy to read and work on old phones, e.g. the one for water bills.
Clean the storm drains. Every time it rains, the corner floods and the basement of the church is under water.
"""
