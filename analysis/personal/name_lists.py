"""Frequent names, and words that are none.

First and last names are chosen from the most frequent in the public tables of the US Social Security
Administration and the US Census Bureau (works of the US government, in the public domain), with names
frequent among Spanish speakers. The lists are short on purpose: what they miss is found by the words
around it.
"""

from __future__ import annotations

from analysis.personal.text import listed

FIRST_NAMES = listed(
    """
    aaron abdul abigail adam adrian agnes ahmed aisha alan albert alejandra alejandro alex alexander alexis
    alfred alfredo ali alice alicia alison allison alyssa amanda amelia amy ana anas andre andrea andres
    andrew angel angela angelica anita ann anna anne annie anthony antonio aria ariana arthur ashley audrey
    ava barbara beatriz ben benjamin bernard bernice beth betty beverly billy blanca bob bobby bonnie
    bradley brandon brenda brian brittany bruce bryan caleb calvin cameron carl carla carlos carmen carol
    caroline carolyn carrie catherine cecilia cesar charles cheryl chloe chris christina christine
    christopher cindy claire clara clarence claudia connie craig cristina crystal curtis cynthia dan daniel
    daniela danielle danny darlene darnell david dawn deborah debra denise dennis derek destiny diana diane
    diego dmitri dominic don donald donna doris dorothy doug douglas duc dylan earl eddie eduardo edward
    eileen elaine eleanor elena eli elijah elizabeth ella ellen emily emma enrique eric erica erin esperanza
    esther ethan eugene eva evan evelyn fatima felix fernando florence frances francisco fred gabriel
    gabriela gail gary gavin george gerald giovanni gladys glenn gloria gonzalo greg gregory guadalupe
    guillermo gustavo hannah harold harry hassan heather hector helen henry herbert hernan howard hugo ian
    ibrahim ignacio ines irene isaac isabel isabella isaiah ivan jack jacob jacqueline jada jaime jake jamal
    james jamie jan jane janet janice jared jasmine jason javier jay jean jeff jeffrey jen jennifer jenny
    jeremiah jeremy jerome jerry jesse jessica jesus jill jim jimmy joan joann joao joaquin joe joel john
    johnny jon jonathan jorge jose joseph josefina joshua joyce juan juana juanita judith judy julia julian
    juliana julie julio justin karen karina karl kate katherine kathleen kathryn kathy katie kayla keisha
    keith kelly ken kenneth kevin kim kimberly kyle lamar larry latoya laura lauren laurie lawrence leah leo
    leon leonard leroy leslie leticia liam lillian linda lisa liz lois lorena lori lorraine louis lourdes
    lucas lucia lucy luis luisa luke luz lydia mackenzie malik manuel marcia marco marcos marcus margaret
    margarita maria marie marilyn mario marisol marjorie mark marlene marta martha martin marvin mary mateo
    matt matthew maureen maxine megan mei melanie melissa mercedes michael michelle miguel mike mildred
    mohamed mohammed monica monique muhammad nadia nancy natalia natalie natasha nathan nicholas nick nicole
    nina noah noel nora norma norman oliver olga olivia omar oscar owen pablo pamela patricia patrick patty
    paul paula pedro peggy pete peter phil philip phillip phyllis rachel rafael ralph ramon randy raquel
    raul raymond rebecca regina renee ricardo richard rick ricky rita rob robert roberto robin rodney
    rodrigo roger ronald ronnie rosa rosario rose rosemary roxanne roy ruben russell ruth ryan sally sam
    samantha samuel sandra sara sarah scott sean sebastian sergio seth shannon sharon shawn sheila shirley
    silvia sofia sonia sophia sophie stacey stacy stanley stephanie stephen steve steven stuart sue susan
    suzanne sylvia tamara tamika tammy tanya tara ted teresa terrence terry thelma theresa thomas tiffany
    tim timothy tina todd tom tommy tony tracy travis trevor tyler tyrone valentina valerie vanessa vanita
    vera veronica vicki vicente victor vincent viola virginia vivian vladimir walter wanda wayne wendy
    wesley wilfredo william willie xavier ximena yesenia yolanda yusuf yvette yvonne zachary zoe
    """
)
"""First names that are seldom anything else."""

ALSO_WORDS = listed(
    """
    angel april art august austin bill brooklyn carolina charlotte chase christian dallas dawn dean destiny
    don drew earl eve faith florence frank gene georgia grace grant guadalupe harmony heather holly hope
    houston iris israel ivy jackson jasmine jay jesus jordan joy june justice king lane lincoln london
    madison mark may mercedes mercy miles noble olive pat pearl penny ray reed rich rob robin rosario rose
    ruby savannah skip spring summer sue trinity victoria violet virginia washington will
    """
)
"""First names that are as often words or places: they need a frequent last name beside them."""

LAST_NAMES = listed(
    """
    acosta adams aguilar ahmed alexander ali allen alvarez anderson bailey baker barnes bell bennett brooks
    brown bryant butler campbell carter castillo castro chan chavez chen chowdhury clark coleman collins
    contreras cook cooper cox cruz davis delgado diaz doe dominguez edwards estrada evans fernandez figueroa
    fisher flores ford foster garcia gomez gonzales gonzalez gordon graham gray green griffin guerrero
    gutierrez guzman hall hamilton harris harrison hayes henderson henry hernandez herrera hill howard huang
    hughes hussain jackson jenkins jimenez johnson jones jordan kelly kennedy khan kim king lam lee lewis li
    lin liu long lopez maldonado marshall martin martinez mcdonald medina mejia mendez mendoza miller
    mitchell molina moore morales moreno morgan morris munoz murphy murray myers navarro nelson nguyen nunez
    ortega ortiz owens padilla parker patel patterson perez perry peterson pham phillips powell price
    quinones ramirez ramos reed reyes reynolds richardson rios rivera roberts robinson rodriguez rogers
    rojas romero rosado ross ruiz russell salazar sanchez sanders santiago santos scott shah silva simmons
    simpson singh smith soto stevens stewart sullivan taylor thomas thompson torres tran turner valdez
    vargas vasquez vazquez vega velez wallace walker wang ward washington watson webb west white williams
    wilson wong wood woods wright wu yang young zhang
    """
)
"""Frequent last names."""

PLACE_WORDS = listed(
    """
    alley arena ave avenue blvd boulevard bridge building campus cathedral center centre charter church
    circle city clinic college county court creek dr drive elementary expressway field garden gardens hall
    heights high highway hospital house island lane library market memorial middle mosque museum park
    parkway pike pl place plaza pool rd rec recreation river road school square st stadium station stop
    street temple terrace theater trail university village way iglesia parque escuela biblioteca calle
    avenida puente
    """
)
NO_NAMES = PLACE_WORDS | listed(
    """
    a about after all also an and another any are as at be because black but by can city crew day deaf
    department disabled dont every everyone everybody first for from god he hello help here hi his how i if
    im in is it its just korean later latina latino local many may more my need no none not of office
    officer on one or our philadelphia philly please police puerto right said see she so sorry spanish team
    thank thanks that the their them then there these they this those to us very was we what when where
    which white who why with working yes you your phone telephone tel cell email address ssn zip date age
    apt telefono correo direccion african american asian chinese indian italian muslim christian catholic
    jewish native ahora con de el ella ellos en es esta esto gracias la las lo los muchas muy para pero por
    porque que si sin su todo todos tu un una ustedes y yo
    """
)
