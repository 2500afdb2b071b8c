"""Faults of RDF/XML and JSON-LD: where one is, of what kind, and what to do, in two languages."""

from __future__ import annotations

from typing import Final

Point = tuple[int, int]
"""Line and column, both from 1, columns in characters."""

_XML: Final = {
    "mismatched-tag": (
        "</{found}> stänger <{open}>, som öppnas på rad {line}. Skriv </{open}> här, eller stäng "
        "elementet tidigare.",
        "</{found}> closes <{open}>, which is opened in line {line}. Write </{open}> here, or "
        "close the element before.",
    ),
    "bare-ampersand": (
        "Tecknet & inleder en entitet, men här följer inget namn med semikolon. Skriv &amp; för "
        "själva tecknet.",
        "The character & begins an entity, but no name with a semicolon follows here. Write &amp; "
        "for the character itself.",
    ),
    "bare-less-than": (
        "Tecknet < står i ett attributvärde. Skriv &lt; för själva tecknet, eller sätt "
        "citattecknet som saknas före det.",
        "The character < is in the value of an attribute. Write &lt; for the character itself, "
        "or add the quotation mark that is missing before it.",
    ),
    "bare-section-end": (
        "]]> får inte stå i löpande text. Skriv ]]&gt;.",
        "]]> may not be in text. Write ]]&gt;.",
    ),
    "forbidden-character": (
        "Tecknet {code} är inte tillåtet i XML. Ta bort det.",
        "The character {code} is not allowed in XML. Remove it.",
    ),
    "unquoted-value": (
        'Ett attribut skrivs namn="värde", med citattecken om värdet. {there} är något annat.',
        'An attribute is written name="value", with quotation marks around the value. {there} is '
        "something else.",
    ),
    "double-hyphen": (
        "Två bindestreck får inte stå i en kommentar. Ta bort det ena.",
        "Two hyphens may not be in a comment. Remove one of them.",
    ),
    "undeclared-entity": (
        "Entiteten &{name}; är inte deklarerad i dokumentet. Deklarera den i DOCTYPE, eller skriv "
        "det som den står för.",
        "The entity &{name}; is not declared in the document. Declare it in the DOCTYPE, or write "
        "what it stands for.",
    ),
    "external-entity": (
        "Entiteten {name} står för en annan fil, {system}, och sådana läses aldrig. Skriv in det "
        "som den står för.",
        "The entity {name} stands for another file, {system}, and such files are never read. Write "
        "what it stands for into the document.",
    ),
    "undeclared-prefix": (
        'Prefixet i {there} är inte deklarerat. Sätt xmlns:{name}="…" på elementet eller på ett '
        "som omger det.",
        'The prefix of {there} is not declared. Put xmlns:{name}="…" on the element or on one '
        "around it.",
    ),
    "repeated-attribute": (
        "Elementet har samma attribut två gånger. Ta bort det ena.",
        "The element has the same attribute twice. Remove one of them.",
    ),
    "unclosed-element": (
        "Dokumentet tar slut, men <{open}> från rad {line} är inte stängt. Skriv </{open}>.",
        "The document ends, but <{open}> of line {line} is not closed. Write </{open}>.",
    ),
    "unclosed-markup": (
        "En tagg, en kommentar eller ett CDATA-avsnitt börjar här och slutar aldrig. Stäng det "
        "med >, --> eller ]]>.",
        "A tag, a comment or a CDATA section begins here and never ends. Close it with >, --> or "
        "]]>.",
    ),
    "after-the-end": (
        "Det yttersta elementet är stängt, och efter det får inget mer stå. Lägg allt i ett enda "
        "element, som rdf:RDF.",
        "The outermost element is closed, and nothing more may follow it. Put all into a single "
        "element, such as rdf:RDF.",
    ),
    "late-declaration": (
        "<?xml …?> ska vara det allra första i filen. Ta bort det som står före.",
        "<?xml …?> must be the very first thing of the file. Remove what is before it.",
    ),
    "empty-document": (
        "Dokumentet är tomt. RDF/XML har ett yttersta element, som rdf:RDF.",
        "The document is empty. RDF/XML has an outermost element, such as rdf:RDF.",
    ),
    "no-xml": (
        "Filen är inte XML: den börjar med {there}. Ange dess syntax med --input-format, eller "
        "rätta början.",
        "The file is no XML: it begins with {there}. Give its syntax with --input-format, or "
        "correct its beginning.",
    ),
    "bad-encoding": (
        "Här finns byte som inte är {encoding}. Spara filen i den teckenkodningen, eller rätta "
        "uppgiften om den.",
        "Here are bytes that are not {encoding}. Save the file in that encoding, or correct what "
        "it says of it.",
    ),
    "unknown-encoding": (
        "Teckenkodningen {encoding} är okänd. Spara filen i UTF-8.",
        "The encoding {encoding} is not known. Save the file in UTF-8.",
    ),
    "wrong-encoding": (
        "Filen säger sig ha teckenkodningen {encoding}, men har den inte. Skriv utf-8 i <?xml …?>.",
        "The file says that its encoding is {encoding}, but it is not. Write utf-8 in <?xml …?>.",
    ),
    "entity-loop": (
        "Entiteten består av sig själv. Rätta deklarationen.",
        "The entity is made of itself. Correct its declaration.",
    ),
    "entity-flood": (
        "Entiteterna växer till mer än {limit} gånger dokumentets storlek. Dokumentet vägras; "
        "skriv ut det som entiteterna står för.",
        "The entities grow to more than {limit} times the size of the document. The document is "
        "refused; write out what the entities stand for.",
    ),
    "bad-doctype": (
        'DOCTYPE är felaktig vid {there}. En entitet deklareras så här: <!ENTITY namn "värde">.',
        'The DOCTYPE is wrong at {there}. An entity is declared like this: <!ENTITY name "value">.',
    ),
    "bad-markup": (
        "{there} kan inte stå här i XML ({said}). Rätta taggen eller tecknet.",
        "{there} cannot be here in XML ({said}). Correct the tag or the character.",
    ),
}
_RDF: Final = {
    "bad-iri": (
        "{there} är ingen giltig IRI: {said}. Ta bort eller procentkoda tecknet, och skriv hela "
        "adressen.",
        "{there} is no valid IRI: {said}. Remove the character or percent-encode it, and write "
        "the whole address.",
    ),
    "bad-language-tag": (
        "Språktaggen {there} är felaktig. Den ska se ut som sv eller en-GB, med bindestreck och "
        "högst åtta tecken i varje del.",
        "The language tag {there} is wrong. It should look like sv or en-GB, with hyphens and at "
        "most eight characters in each part.",
    ),
    "bad-direction": (
        "Riktningen {there} finns inte. Skriv ltr eller rtl.",
        "There is no direction {there}. Write ltr or rtl.",
    ),
    "odd-parse-type": (
        "rdf:parseType {there} finns inte i RDF/XML, så innehållet blir en text med XML. Skriv "
        "Literal, Resource eller Collection, med stor bokstav.",
        "There is no rdf:parseType {there} in RDF/XML, so the content becomes a text with XML. "
        "Write Literal, Resource or Collection, with a capital.",
    ),
    "one-triple": (
        '{open} med rdf:parseType="Triple" har en enda trippel, inte {count}. Ta bort eller lägg '
        "till.",
        '{open} with rdf:parseType="Triple" has a single triple, not {count}. Remove or add.',
    ),
    "forbidden-attribute": (
        "Attributet {name} får inte stå på {open}. {hint_sv}",
        "The attribute {name} may not be on {open}. {hint_en}",
    ),
    "no-namespace": (
        "{name} har ingen namnrymd. Skriv det med ett prefix, som {example}.",
        "{name} has no namespace. Write it with a prefix, as in {example}.",
    ),
    "bad-id": (
        "{there} är inget giltigt värde för {name}: det ska vara ett namn som börjar med en "
        "bokstav eller _, utan kolon, blanksteg och snedstreck.",
        "{there} is no valid value of {name}: it is a name that begins with a letter or _, without "
        "colon, space and slash.",
    ),
    "repeated-id": (
        "rdf:ID {there} finns redan på rad {line}. Ge noden ett eget namn, eller skriv rdf:about "
        "för att säga mer om samma nod.",
        "The rdf:ID {there} was used in line {line} already. Give the node a name of its own, or "
        "write rdf:about to say more of the same node.",
    ),
    "conflicting-attributes": (
        "{name} och {other} kan inte stå på samma element. Ta bort det ena.",
        "{name} and {other} cannot be on one element. Remove one of them.",
    ),
    "forbidden-element": (
        "{name} kan inte vara namn på {role_sv}. {hint_sv}",
        "{name} cannot be the name of {role_en}. {hint_en}",
    ),
    "stray-text": (
        "Texten {there} står direkt i {open}, där bara element kan stå. Sätt den i ett element, "
        "som <ex:namn>…</ex:namn>.",
        "The text {there} stands directly in {open}, where only elements can stand. Put it into an "
        "element, such as <ex:name>…</ex:name>.",
    ),
    "text-and-element": (
        "Egenskapen {open} har både text och element. Skriv ett av dem, eller "
        'rdf:parseType="Literal" för XML som värde.',
        "The property {open} has both text and elements. Write one of them, or "
        'rdf:parseType="Literal" for XML as a value.',
    ),
    "two-elements": (
        "Egenskapen {open} har redan ett element. Skriv egenskapen en gång till, eller "
        'rdf:parseType="Collection" för en lista.',
        "The property {open} has an element already. Write the property once more, or "
        'rdf:parseType="Collection" for a list.',
    ),
    "not-empty": (
        "Egenskapen {open} har sitt värde i ett attribut och ska vara tom. Ta bort innehållet "
        "eller attributet.",
        "The property {open} has its value in an attribute and must be empty. Remove the content "
        "or the attribute.",
    ),
    "element-with-datatype": (
        "Egenskapen {open} har rdf:datatype och kan bara innehålla text. Ta bort rdf:datatype "
        "eller elementet.",
        "The property {open} has rdf:datatype and can hold text only. Remove rdf:datatype or the "
        "element.",
    ),
}
_JSON: Final = {
    "json": (
        "Det här är inte JSON: {said}. Rätta {there}.",
        "This is no JSON: {said}. Correct {there}.",
    ),
    "json-quotes": (
        "Ett namn i JSON står mellan raka dubbla citattecken. {there} gör det inte.",
        "A name in JSON is between straight double quotation marks. {there} does not.",
    ),
    "json-colon": (
        "Efter namnet ska ett kolon stå, inte {there}.",
        "After the name a colon must stand, not {there}.",
    ),
    "json-comma": (
        "Ett kommatecken saknas före {there}.",
        "A comma is missing before {there}.",
    ),
    "json-last-comma": (
        "Efter det sista värdet får inget kommatecken stå. Ta bort det.",
        "After the last value no comma may stand. Remove it.",
    ),
    "json-second-comma": (
        "Här står ett kommatecken för mycket. Ta bort det.",
        "A comma too many is here. Remove it.",
    ),
    "json-value": (
        "Ett värde väntas: ett objekt, en lista, en text mellan dubbla citattecken, ett tal, true, "
        "false eller null. {there} är inget av dem.",
        "A value is expected: an object, an array, a text between double quotation marks, a "
        "number, true, false or null. {there} is none of them.",
    ),
    "json-string": (
        "En text börjar här och slutar aldrig. Sätt citattecknet som saknas.",
        "A text begins here and never ends. Add the missing quotation mark.",
    ),
    "json-control": (
        "En text får inte innehålla radbrytningar eller tabbar. Skriv \\n eller \\t, eller sätt "
        "citattecknet som saknas.",
        "A text may not hold line breaks or tabs. Write \\n or \\t, or add the missing quotation "
        "mark.",
    ),
    "json-escape": (
        'Ett omvänt snedstreck följs av ", \\, /, b, f, n, r, t eller u och fyra siffror. Skriv '
        "\\\\ för själva tecknet.",
        'A backslash is followed by ", \\, /, b, f, n, r, t or u and four digits. Write \\\\ for '
        "the character itself.",
    ),
    "json-extra": (
        "Dokumentet är slut före {there}. Ta bort resten, eller sätt allt i en lista.",
        "The document has ended before {there}. Remove the rest, or put all into an array.",
    ),
    "json-end": (
        "Dokumentet tar slut för tidigt. Stäng det som är öppet med ] eller }}.",
        "The document ends too early. Close what is open with ] or }}.",
    ),
    "json-comment": (
        "JSON har inga kommentarer. Ta bort den.",
        "JSON has no comments. Remove it.",
    ),
    "jsonld": (
        "JSON-LD tillåter inte detta: {said}. Rätta {there}.",
        "JSON-LD does not allow this: {said}. Correct {there}.",
    ),
    "jsonld-unread": (
        "Det här kan inte läsas: {said}. Skriv det på annat sätt än med {there}.",
        "This cannot be read here: {said}. Write it in another way than with {there}.",
    ),
    "jsonld-twice": (
        "{there} står två gånger i samma objekt. Ta bort det ena, eller skriv en lista.",
        "{there} stands twice in one object. Remove one of them, or write an array.",
    ),
    "jsonld-incompatible": (
        "{name} och {other} kan inte stå i samma objekt. Ta bort det ena.",
        "{name} and {other} cannot be in one object. Remove one of them.",
    ),
    "jsonld-type": (
        "Typen {name} är ingen IRI. Deklarera den i @context, eller skriv en hel adress.",
        "The type {name} is no IRI. Declare it in the @context, or write a whole address.",
    ),
    "jsonld-string": (
        "Värdet ska vara en text mellan citattecken: {there} är något annat.",
        "The value must be a text between quotation marks: {there} is something else.",
    ),
    "jsonld-language": (
        'Ett språk är en tagg som "sv", eller null: {there} är något annat.',
        'A language is a tag such as "sv", or null: {there} is something else.',
    ),
    "jsonld-value": (
        "@value är en text, ett tal, true, false eller null, inget objekt och ingen lista. Skriv "
        "objektet utan @value.",
        "@value is a text, a number, true, false or null, no object and no array. Write the object "
        "without @value.",
    ),
    "jsonld-cycle": (
        "Termerna i @context definierar varandra i en cirkel. Ge en av dem en hel adress.",
        "The terms of the @context define each other in a circle. Give one of them a whole "
        "address.",
    ),
    "jsonld-protected": (
        "Termen är skyddad (@protected) och kan inte definieras om. Ta bort den nya definitionen "
        "vid {there}.",
        "The term is protected (@protected) and cannot be defined again. Remove the new definition "
        "at {there}.",
    ),
    "jsonld-no-iri": (
        "{name} blir ingen IRI. Deklarera ett prefix eller @vocab, eller skriv en hel adress.",
        "{name} becomes no IRI. Declare a prefix or @vocab, or write a whole address.",
    ),
    "jsonld-value-object": (
        "Ett objekt med @value har inga egenskaper, men här står {name}. Ta bort den, eller skriv "
        "noden utan @value.",
        "An object with @value has no properties, but {name} is here. Remove it, or write the "
        "node without @value.",
    ),
    "jsonld-context": (
        "@context är ett objekt, en adress, null eller en lista av sådana. {there} är något annat.",
        "@context is an object, an address, null or an array of those. {there} is something else.",
    ),
    "jsonld-definition": (
        "En term i @context definieras med en adress, ett objekt eller null. {there} är något "
        "annat.",
        "A term in the @context is defined by an address, an object or null. {there} is something "
        "else.",
    ),
    "jsonld-bad-iri": (
        "{there} är ingen giltig IRI ({said}), så allt som sägs med den faller bort. Ta bort eller "
        "procentkoda tecknet.",
        "{there} is no valid IRI ({said}), so all that is said with it is left out. Remove the "
        "character or percent-encode it.",
    ),
    "jsonld-no-meaning": (
        "{there} har ingen betydelse här, så värdet faller bort. Definiera namnet i @context, "
        "rätta stavningen, eller sätt det till null om det ska bort.",
        "{there} has no meaning here, so its value is left out. Define the name in the @context, "
        "correct its spelling, or define it as null if it is to go.",
    ),
    "jsonld-no-keyword": (
        "{there} ser ut som ett nyckelord men finns inte i JSON-LD, så värdet faller bort. Rätta "
        "stavningen.",
        "{there} looks like a keyword but is none of JSON-LD, so its value is left out. Correct "
        "its spelling.",
    ),
    "jsonld-base": (
        "@base är ingen giltig IRI: {said}. Skriv en hel adress.",
        "@base is no valid IRI: {said}. Write a whole address.",
    ),
    "context-not-given": (
        "Sammanhanget (@context) {name} hämtas inte: ingenting hämtas från nätet. Spara det i en "
        "fil och ange --context {name}=FIL, eller skriv in det i dokumentet.",
        "The context {name} is not fetched: nothing is fetched from the network. Save it in a file "
        "and give --context {name}=FILE, or write it into the document.",
    ),
    "context-outside": (
        "Sammanhanget (@context) {name} ligger utanför dokumentets mapp och läses inte. Ange "
        "--context {name}=FIL, eller flytta filen till mappen.",
        "The context {name} is outside of the folder of the document and is not read. Give "
        "--context {name}=FILE, or move the file into the folder.",
    ),
    "context-not-there": (
        "Sammanhanget (@context) {name} kan inte läsas från {file}: {said}. Lägg filen där, eller "
        "ange --context {name}=FIL.",
        "The context {name} cannot be read from {file}: {said}. Put the file there, or give "
        "--context {name}=FILE.",
    ),
    "bad-context": (
        "Sammanhanget (@context) {name} i {file} är felaktigt: {said}. Filen ska vara ett "
        "JSON-objekt med @context.",
        "The context {name} in {file} is wrong: {said}. The file is a JSON object with @context.",
    ),
    "cyclic-context": (
        "Sammanhanget (@context) {name} leder tillbaka till sig självt. Ta bort en av "
        "hänvisningarna.",
        "The context {name} leads back to itself. Remove one of the references.",
    ),
    "context-flood": (
        "Sammanhanget (@context) {name} nämns så ofta att dokumentet blir för stort. Nämn det en "
        "gång, ytterst, med noderna i @graph.",
        "The context {name} is named so often that the document becomes too large. Name it once, "
        "outermost, with the nodes in @graph.",
    ),
    "bad-import": (
        "@import av {name} går inte: det som importeras är ett enda objekt utan eget @import.",
        "@import of {name} is not possible: what is imported is a single object without an @import "
        "of its own.",
    ),
}
_ANY: Final = {
    "other-syntax": (
        "Filen lästes som {form} men ser ut som {looks_sv}. {advice_sv}",
        "The file was read as {form} but looks like {looks_en}. {advice_en}",
    ),
    "wide-encoding": (
        "Filen har teckenkodningen {encoding}, och {form} skrivs i UTF-8. Spara filen som UTF-8.",
        "The file is in the encoding {encoding}, and {form} is written in UTF-8. Save the file as "
        "UTF-8.",
    ),
}
_WORDS: Final = _XML | _RDF | _JSON | _ANY


class FlawError(ValueError):
    """A document is not well formed.

    Attributes:
        kind: what kind of fault it is, a word or two with hyphens.
        start: where it begins.
        end: where it ends.
        messages: what is wrong and how to fix it, each with its language.

    Args:
        kind: as above.
        start: as above.
        end: as above; default: where it begins.
        words: what to put into the messages.
    """

    def __init__(self, kind: str, start: Point, end: Point | None = None, **words: object) -> None:
        self.kind = kind
        self.start = start
        self.end = start if end is None else max(end, start)
        swedish, english = _WORDS[kind]
        there = str(words.pop("there", "") or "")
        self.messages = (
            ("sv", swedish.format(there=f"”{there}”" if there else "slutet", **words)),
            ("en", english.format(there=f"“{there}”" if there else "the end", **words)),
        )
        super().__init__(self.messages[1][1])


def shortened(text: str, most: int = 60) -> str:
    """Return the first line of a text, cut if it is long."""
    first = (text.splitlines() or [""])[0]
    return first if len(first) <= most else first[: most - 1] + "…"
