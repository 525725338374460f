"""A small invented .gov.cn web on loopback: for the demo, the tests and the benchmarks.

The places come from 子虚赋 and from dreams (子虚, 乌有, 南柯, 蜃景), their region codes begin with 99, and
their figures are generated, so what a perfect reader would find is known (truth.py).
"""
