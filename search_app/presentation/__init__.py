"""What views share: data as readers see it, in their language.

``page`` renders a template with a page's own context; ``links`` makes addresses, ``chart`` geometry, ``article_html``
safe markup, ``text_diff`` what changed between versions, ``json_encoding`` JSON; ``messages`` has every text of notes
and errors, ``errors`` the responses, ``locales`` the languages of the interface, ``template_filters`` what templates
call.
"""
