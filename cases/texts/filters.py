"""Why a filter (CQL2) cannot be used. `at` is a position in a text, counted from 1, or the way to a part of JSON."""

SENTENCES: dict[str, tuple[str, str]] = {
    "filter_unread": (
        "Filter tidak dapat dibaca di posisi {at}: {found} tidak cocok di sana. Perbaiki menurut tata bahasa CQL2.",
        "The filter cannot be read at position {at}: {found} does not belong there. Correct it by CQL2's grammar.",
    ),
    "filter_property_unknown": (
        "Filter memakai {name} di posisi {at}, yang tidak dikenal di sini. Lihat queryables koleksi ini.",
        "The filter uses {name} at position {at}, which is not known here. Look at this collection's queryables.",
    ),
    "filter_function_unknown": (
        "Filter memakai fungsi {name} di posisi {at}, yang tidak tersedia di sini.",
        "The filter uses the function {name} at position {at}, which is not available here.",
    ),
    "filter_type": (
        "Filter tidak dapat membandingkan {found} di posisi {at}: di sana harus ada {kind}.",
        "The filter cannot compare {found} at position {at}: {kind} belongs there.",
    ),
    "filter_shape": (
        "Bentuk di posisi {at} pada filter tidak dapat dipakai: tulis geometri yang sah, tidak kosong, di dalam bumi, "
        "dengan paling banyak {limit} titik.",
        "The shape at position {at} of the filter cannot be used: write a valid geometry, not empty, on the earth, "
        "with at most {limit} corners.",
    ),
    "filter_place": (
        "Fungsi ruang di posisi {at} pada filter membandingkan properti geometri dengan geometri yang ditulis.",
        "The spatial function at position {at} of the filter compares the geometry property with a written geometry.",
    ),
    "filter_too_large": (
        "Filter ini terlalu besar: paling banyak {characters} huruf, {parts} bagian, {depth} tingkat.",
        "This filter is too large: at most {characters} characters, {parts} parts, {depth} levels.",
    ),
}
