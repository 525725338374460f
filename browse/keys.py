"""Keys of rows in addresses: `{run_id:key}`."""

from starlette.convertors import IntegerConvertor, register_url_convertor


class KeyConvertor(IntegerConvertor):
    """Numbers that either database can count to; a longer one names nothing."""

    regex = "[0-9]{1,18}"


register_url_convertor("key", KeyConvertor())
