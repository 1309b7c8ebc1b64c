include "x" rule a { condition: true }

include "y" rule b { condition: true }