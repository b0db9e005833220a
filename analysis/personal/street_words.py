"""Words in and around the names of streets."""

from __future__ import annotations

from analysis.personal.text import listed

SURE_ENDS = listed(
    """
    st str street ave av aven avenue blvd blv boulevard rd road ln lane dr drive ct ter terr terrace pike
    tpke turnpike pkwy pky parkway hwy highway expy expressway aly alley cir circ pl
    """
)
"""Endings of streets that are seldom anything else."""
ENDS = SURE_ENDS | listed(
    """
    court place way row sq square circle plaza plz mews loop run trail trl path pass walk cove cv crescent
    cres crossing xing bend point pt ridge hill hills heights hts park commons common landing green grove
    garden gardens gate glen close quay view vista mall wharf estates manor village hollow knoll chase
    bypass causeway promenade
    """
)
"""All endings of streets."""
DIRECTIONS = listed("n s e w ne nw se sw north south east west northeast northwest southeast southwest no so")
"""Directions before and behind the name of a street."""
# Words that tell a count or a measure from the number of a house.
NO_STREET = listed(
    """
    a about acre acres after all along also always am an and angry another any apartments are around as at
    avenues away bad bags bedroom big bike bikes block blocks bus buses but by came can car cars cents
    children corner corners crashes crossings day days dead degree degrees different dogs dollar dollars
    empty every families family feet few floor foot for from ft go good had has have he homes hour hours
    houses hundred i in inch inches into is it kids km lane lanes large left less lights lots many me meter
    meters metre metres mi mile miles million min minute minutes month months more most mph my near nearby
    neighbors neighbours new newly no not of off old on or other our out over parking past people per
    percent pedestrians planned plus pm pound pounds pretty properties proposed quiet really residential
    residents seconds she shops side sign signs since sites small some spaces speed sq square stations stops
    stories story streets students subway than that the their them there these they this those thousand
    through times to ton tons too total traffic trees trips trolley under units up us very wards was way we
    week weeks were when where which who wide will with within year years yard yards you your block's
    people's hundred-block dangerous busy narrow local public major main's cada de del el en la las los para
    personas por que y
    """
) - listed("square new old")
"""Words in no name of a street."""
COUNTED = listed(
    """
    accidents alleys apartments area benches bike block blocks bridges buildings bus buses businesses
    cameras cars cleanups commuters complaints corners corridor crashes crossings customers cyclists
    employees events fairs families festivals garages homes houses intersections kids lanes lights lots
    merchants meters neighbors neighbours owners parks parties pedestrians people permits potholes projects
    properties protesters renters residents restaurants riders schools churches shops signals signs stations
    station stops stop stores storefronts students subway tenants line tickets trees trolley trolleys units
    vendors violations visitors volunteers workers shows run runners race marathon participants program
    alliance initiative
    """
)
"""Things that are counted: "10 Market Street shops" is no address."""
