{-# LANGUAGE ScopedTypeVariables #-}

module Shapes
  ( Shape (..)
  , area
  , largest
  ) where

import Data.List (maximumBy)
import qualified Data.Map.Strict as Map
import Data.Ord (comparing)

data Shape
  = Circle Double
  | Rectangle Double Double
  deriving (Eq, Show)

area :: Shape -> Double
area (Circle r) = pi * r * r
area (Rectangle w h) = w * h

largest :: [Shape] -> Maybe Shape
largest [] = Nothing
largest shapes = Just (maximumBy (comparing area) shapes)

counts :: [Shape] -> Map.Map String Int
counts = Map.fromListWith (+) . map (\shape -> (name shape, 1))
  where
    name (Circle _) = "circle"
    name _ = "rectangle"
